/** What a person can set for answers: as defaults, for a persona, for one conversation. Types only. */
import type { SamplingOptions } from '../protocol/engine';
import type { CollectionId } from './collection';

/** Absent: the model decides. */
export type ThinkingChoice = 'on' | 'off';

/**
 * What happens when a conversation does not fit the context window any more: the question is not sent, the oldest turns are
 * left out, or the model first writes a summary that takes their place.
 */
export const contextPolicies = ['stop', 'drop-oldest', 'summarise'] as const;
export type ContextPolicy = (typeof contextPolicies)[number];

/** Every field that is absent is taken from the layer below: conversation over persona over defaults over the model's own. */
export interface ChatSettings {
  /** Empty: none, not even the one of the layer below. */
  readonly systemPrompt?: string;
  readonly sampling?: SamplingOptions;
  readonly thinking?: ThinkingChoice;
  readonly contextPolicy?: ContextPolicy;
  /** No model of a server may answer. Holds where any layer says so: no nearer one can take it back. */
  readonly onlyHere?: true;
  /** Files that are searched for each question. Of a conversation only; those that are not on this device are passed over. */
  readonly collections?: readonly CollectionId[];
}
