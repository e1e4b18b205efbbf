/** What a file asks for and the Lab does not do, as data: listed before anything is imported. Words: `src/lab/words/set-note-text.ts`. */

export const setNoteKinds = [
  /** The file has one variable and no prompt: it is asked as it is. */
  'prompt-from-variable',
  /** The file has no prompt, and several variables: the person writes it. */
  'no-prompt',
  /** The file has several prompts: the person chooses. */
  'several-prompts',
  /** Two rows give different prompts for the whole set; the first counts. */
  'prompt-differs',
  /** A prompt with a role, a picture or a tool that cannot be asked; it is left out. */
  'prompt-unreadable',
  /** A filter, statement or comment of Nunjucks in a prompt; it stays as it is written. */
  'template-syntax',
  /** Braces inside a value: promptfoo would fill them in, here they are text. */
  'variable-nested',
  /** A list or an object as a value: here it is its JSON. */
  'variable-structured',
  /** A name that cannot stand in double braces. */
  'variable-name',
  /** Lists as values: one case for each combination, as promptfoo makes them. */
  'combinations',
  /** Two columns of one name; the second is kept under another. */
  'column-duplicate',
  'column-unnamed',
  /** A row with fewer cells than the header: the variables of the rest are missing. */
  'cells-missing',
  /** A row with more cells than the header: the rest is left out. */
  'cells-extra',
  /** Columns are not separated by commas. */
  'delimiter',
  /** A kind of check that only promptfoo has; it is left out. */
  'check-unsupported',
  /** A check without what it needs, or with something unusable; it is left out. */
  'check-unreadable',
  /** It only looks like a check, so the text itself is expected. */
  'check-as-text',
  /** A check with a statement, or with a variable that the case does not have; it is left out. */
  'check-template',
  /** A check of a changed answer: promptfoo would run a program on it first; it is left out. */
  'check-transformed',
  /** A group of checks of which some may fail; it is left out. */
  'check-group',
  /** No threshold is given; promptfoo's own is taken. */
  'threshold-assumed',
  /** All checks must pass here: a score from which a case passes is not used. */
  'threshold-ignored',
  /** Text before or after each prompt. */
  'affix-ignored',
  'metadata-ignored',
  /** A field that changes nothing about what is asked or checked here. */
  'field-ignored',
  /** What stands in another file, or comes from a program. */
  'file-reference',
  'scenarios-ignored',
  /** A line, row or test without anything to ask; it is left out. */
  'entry-unreadable',
  /** The answer must begin with the expected one, as OpenAI evals' Match has it. */
  'evals-match',
  /** The answer must contain one of the expected ones, as OpenAI evals' Includes has it. */
  'evals-includes',
  /** An id that stands there twice, or cannot be one; the case gets another. */
  'id-changed',
] as const;

export type SetNoteKind = (typeof setNoteKinds)[number];

/** Where in the file; all numbers from 1. */
export type SetPlace =
  | { readonly in: 'file' }
  | { readonly in: 'column'; readonly column: string }
  /** The header is row 1, as in a spreadsheet. */
  | { readonly in: 'row'; readonly row: number; readonly column?: string }
  | { readonly in: 'line'; readonly line: number; readonly column?: string }
  | { readonly in: 'test'; readonly test: number; readonly check?: number }
  | { readonly in: 'default-test'; readonly check?: number }
  | { readonly in: 'prompt'; readonly prompt: number };

export interface SetNote {
  readonly kind: SetNoteKind;
  /** What the file says there: a name, a number, the beginning of a text. At most 120 characters. */
  readonly detail?: string;
  /** The first of them. */
  readonly places: readonly SetPlace[];
  /** In how many places. */
  readonly count: number;
}
