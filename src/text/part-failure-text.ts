/** The words for parts of the app that could not be loaded: they come with the first load, since no others may be here then. */
import type { Failure, FailureKind } from '../contracts/failure';
import type { FailureText } from './failure-text';
import { m } from './paraglide/messages.js';

export const partFailureTexts = {
  'part-unreachable': (): FailureText => ({
    title: m.failure_part_unreachable_title(),
    meaning: m.failure_part_unreachable_meaning(),
    nextStep: m.failure_part_unreachable_next(),
    steps: ['try-again'],
  }),
  'part-broken': (): FailureText => ({
    title: m.failure_part_broken_title(),
    meaning: m.failure_part_broken_meaning(),
    nextStep: m.failure_part_broken_next(),
    steps: ['try-again', 'reload'],
  }),
  'app-outdated': (): FailureText => ({
    title: m.failure_app_outdated_title(),
    meaning: m.failure_app_outdated_meaning(),
    nextStep: m.failure_app_outdated_next(),
    steps: ['reload'],
  }),
} as const satisfies Partial<Record<FailureKind, () => FailureText>>;

/** Null for every other failure: its words are loaded when they are needed. */
export const partFailureText = ({ kind }: Failure): FailureText | null =>
  kind in partFailureTexts ? partFailureTexts[kind as keyof typeof partFailureTexts]() : null;
