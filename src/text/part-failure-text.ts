/**
 * What a failure is in words, and the words for parts of the app that could not be loaded: they come with the first load, since no
 * others may be here then.
 */
import type { Failure, FailureKind } from '../shared/protocol/failure';
import { m } from './paraglide/messages.js';

/** What a screen may offer as a button. */
export type NextStep =
  | 'try-again'
  | 'choose-model'
  | 'new-chat'
  | 'open-file'
  | 'export'
  | 'reload'
  | 'free-space'
  | 'despite-space'
  | 'repair'
  | 'use-anyway'
  | 'take-over'
  | 'store-again'
  | 'fetch-library';

export interface FailureText {
  /** What happened. */
  readonly title: string;
  /** What it means for the person. */
  readonly meaning: string;
  /** What to do now. */
  readonly nextStep: string;
  readonly steps: readonly NextStep[];
}

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
