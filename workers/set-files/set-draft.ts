/** What a set is while its file is read, and how much of it is taken. */
import { mostCases, type LabCase, type PromptTurn } from '../../src/shared/domain/lab/case-set';
import { FailureError, type FailureKind } from '../../src/shared/protocol/failure';

/** A case before its id is known to be unique. */
export type CaseDraft = Omit<LabCase, 'id'> & { readonly id?: string };

/** A prompt of the file, with the name that tests call it by. */
export interface PromptDraft {
  readonly label?: string;
  readonly turns: readonly PromptTurn[];
}

/** Rows or lines, blank ones included. */
export const mostLines = 1_000_000;
/** Bytes of a file. */
export const mostSetBytes = 32 * 1024 ** 2;
/** Bytes of YAML: a megabyte takes more than a second to read, as JSON some milliseconds. */
export const mostYamlBytes = 4 * 1024 ** 2;
/** Names in all cases together: each is looked for in each case. */
const mostColumns = 1000;
/** @param where a line or a row, from 1 */
export function labFailure(kind: FailureKind, name: string, technical: string, where?: number): FailureError {
  const subject = where === undefined ? name : `${name}:${where}`;
  return new FailureError({ kind, technical, ...(name !== '' && { subject }) });
}

/** @throws FailureError `lab-set-too-large` */
export function linesOf(text: string, name: string): readonly string[] {
  const lines = text.split(/\r\n|\r|\n/, mostLines + 1);
  if (lines.length > mostLines) throw labFailure('lab-set-too-large', name, `more than ${mostLines} lines`);
  return lines;
}

/** @throws FailureError `lab-set-too-large` */
export function expectFewColumns(headers: readonly string[]): void {
  if (headers.length > mostColumns) throw labFailure('lab-set-too-large', '', `${headers.length} columns`);
}

/** @throws FailureError `lab-set-too-large`, before lists of values in many tests have filled the memory */
export function expectFewCases(count: number): void {
  if (count > mostCases) throw labFailure('lab-set-too-large', '', `more than ${mostCases} cases`);
}
