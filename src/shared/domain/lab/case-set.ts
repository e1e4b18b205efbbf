/** What the Lab asks: a named list of cases with a prompt, and what a right answer is. */
import type { Check } from './check';

export type SetId = string;
export type CaseId = string;

/** A turn of the prompt; `{{name}}` stands for a variable of the case. */
export interface PromptTurn {
  readonly role: 'system' | 'user' | 'assistant';
  readonly content: string;
}

export interface LabCase {
  /** Unique within its set, and kept when the case is edited: answers refer to it. */
  readonly id: CaseId;
  readonly variables: Readonly<Record<string, string>>;
  /** Asked instead of the set's prompt: a conversation of its own. */
  readonly turns?: readonly PromptTurn[];
  /** Besides those of the set. */
  readonly checks: readonly Check[];
  /** A right answer, shown beside those of the contenders; it decides nothing by itself. */
  readonly reference?: string;
  /** Cases of one category get a score of their own. */
  readonly category?: string;
}

/** How answers are drawn. All contenders of a run get the same. */
export interface AnswerSettings {
  /** 0 is greedy. */
  readonly temperature: number;
  readonly seed: number;
  readonly maxTokens: number;
  /** Answers to each case, counted apart; more than one makes sense only with a temperature. */
  readonly samples: number;
  /** A case that takes longer than this, in seconds, has failed. */
  readonly limitSeconds: number;
}

export const usualAnswerSettings: AnswerSettings = {
  temperature: 0,
  seed: 1,
  maxTokens: 1024,
  samples: 1,
  limitSeconds: 120,
};

/** Unattended, more than this would take weeks. */
export const mostCases = 50_000;

export interface CaseSet {
  readonly id: SetId;
  readonly name: string;
  /** Where it is from, and what it does not measure. */
  readonly about?: string;
  readonly prompt: readonly PromptTurn[];
  /** For every case, besides its own. */
  readonly checks: readonly Check[];
  readonly cases: readonly LabCase[];
  readonly settings: AnswerSettings;
  /** In ms since 1970. */
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** A set as a file gives it: not stored yet, so without an id and dates. */
export type SetDraft = Omit<CaseSet, 'id' | 'createdAt' | 'updatedAt'>;
