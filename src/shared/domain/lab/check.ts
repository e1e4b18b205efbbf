/**
 * What an answer must be. A check passes or fails with a reason; one that cannot be decided has no verdict, and never counts as
 * passed.
 */
export type Check = CheckRule & {
  /** The answer must not be so. */
  readonly not?: true;
};

export type CheckRule =
  | { readonly kind: 'equals'; readonly value: string }
  | { readonly kind: 'contains'; readonly value: string; readonly ignoresCase?: true }
  | { readonly kind: 'contains-any' | 'contains-all'; readonly values: readonly string[]; readonly ignoresCase?: true }
  | { readonly kind: 'starts-with'; readonly value: string }
  | { readonly kind: 'regex'; readonly pattern: string; readonly flags?: string }
  /** The whole answer is JSON, perhaps in one code fence; with a schema, it satisfies that JSON Schema (as text). */
  | { readonly kind: 'is-json' | 'contains-json'; readonly schema?: string }
  /** At most so many insertions, deletions and replacements of characters. */
  | { readonly kind: 'levenshtein'; readonly value: string; readonly most: number }
  /** The last number of the answer, as GSM8K is scored. */
  | { readonly kind: 'number'; readonly value: number; readonly tolerance?: number }
  /** A letter of a multiple choice. */
  | { readonly kind: 'choice'; readonly letter: string }
  /** BCP 47, the language alone: `en`, `zh`. */
  | { readonly kind: 'language'; readonly language: string }
  | { readonly kind: 'length'; readonly unit: 'words' | 'tokens'; readonly least?: number; readonly most?: number }
  /** The answer declines. */
  | { readonly kind: 'refusal' }
  /** From the question to the last token, in ms. */
  | { readonly kind: 'latency'; readonly mostMs: number }
  /** An expression or function body of JavaScript over `output` (text), `context.vars` and `context.prompt`, as promptfoo has it. */
  | { readonly kind: 'javascript'; readonly code: string }
  /** The function that the answer's first code block defines, called by name; JavaScript or TypeScript. */
  | { readonly kind: 'code'; readonly function: string; readonly calls: readonly CodeCall[] }
  /** Cosine of the two texts' embeddings; decided by an embedding model after the run. */
  | { readonly kind: 'similar'; readonly value: string; readonly least: number }
  /** Decided by a model that the person names, after the run. */
  | { readonly kind: 'rubric'; readonly rubric: string };

/** Both as JSON. */
export interface CodeCall {
  readonly arguments: readonly unknown[];
  readonly result: unknown;
}

export type CheckKind = CheckRule['kind'];

/** Decided by a model rather than by a rule: marked as less certain. */
export const judgedKinds: ReadonlySet<CheckKind> = new Set(['similar', 'rubric']);

export type Outcome = 'pass' | 'fail' | 'none';

/** Why a check has come out as it has: words follow from the name (`src/lab/words/`), `detail` is shown as it is. */
export const findingReasons = [
  'as-expected',
  'different',
  'missing',
  'present',
  'no-match',
  'not-json',
  'breaks-schema',
  'schema-unusable',
  'remote-schema',
  'no-number',
  'other-number',
  'no-choice',
  'other-choice',
  'other-language',
  'language-unclear',
  'too-short',
  'too-long',
  'declines',
  'answers',
  'too-slow',
  'too-far',
  'no-code',
  'wrong-result',
  'code-error',
  'code-endless',
  'code-memory',
  'pattern-endless',
  'pattern-broken',
  'check-broke',
  'not-judged',
  'judge-unclear',
  'judged',
] as const;
export type FindingReason = (typeof findingReasons)[number];

export interface Finding {
  readonly outcome: Outcome;
  readonly reason: FindingReason;
  /** What was found, or the judge's words; at most 500 characters. */
  readonly detail?: string;
}

/** What checks look at. */
export interface CheckedAnswer {
  /** Without the thought. */
  readonly text: string;
  readonly tokens: number;
  readonly totalMs: number;
  readonly prompt: string;
  readonly variables: Readonly<Record<string, string>>;
}

/** Most bytes of an answer's text that checks look at. */
export const mostCheckedCharacters = 200_000;
