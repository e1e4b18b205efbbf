/** A set as CSV that promptfoo reads: a column for each variable and each check. */
import type { LabCase, SetDraft } from '../../src/shared/domain/lab/case-set';
import { writeTable } from './csv-table';
import { literalText } from './literal-text';
import { textFromTurns } from './prompt-turns';
import { categoryHeader, promptHeader, referenceHeader, turnsHeader } from './table-columns';
import { checkNotation } from './write-check';

export interface CaseTable {
  readonly headers: readonly string[];
  /** In the order of the cases. */
  readonly rows: readonly (readonly string[])[];
}

type Cell = (each: LabCase, index: number) => string;

/**
 * The cases as cells. The set's checks stand in each row, since a table has no other place for them; the set's prompt in the first.
 * A variable that a case does not have is an empty cell, as is an empty one.
 */
export function caseTable({ prompt, checks, cases }: SetDraft): CaseTable {
  const names = [...new Set(cases.flatMap(({ variables }) => Object.keys(variables)))];
  const shared = checks.map(checkNotation);
  const texts = new Map(cases.map((each) => [each, [...shared, ...each.checks.map(checkNotation)]]));
  const checkCount = cases.reduce((most, each) => Math.max(most, texts.get(each)?.length ?? 0), 0);
  const columns: (readonly [header: string, cell: Cell])[] = [
    ...names.map(
      (name) => [name, ({ variables }) => literalText(variables[name] ?? '')] as const satisfies [string, Cell],
    ),
    ...Array.from({ length: checkCount }, (_, check): [string, Cell] => [
      checkCount === 1 ? '__expected' : `__expected${check + 1}`,
      (each) => texts.get(each)?.[check] ?? '',
    ]),
    [categoryHeader, ({ category = '' }) => category],
    [referenceHeader, ({ reference = '' }) => reference],
    [turnsHeader, ({ turns }) => (turns ? textFromTurns(turns) : '')],
    [promptHeader, (_, index) => (index === 0 && prompt.length > 0 ? textFromTurns(prompt) : '')],
  ];
  // These two are of use only to us: an empty column would be a variable without a value for promptfoo.
  const used = columns.filter(
    ([header, cell]) =>
      ![categoryHeader, referenceHeader, turnsHeader].includes(header) ||
      cases.some((each, index) => cell(each, index) !== ''),
  );
  return {
    headers: used.map(([header]) => header),
    rows: cases.map((each, index) => used.map(([, cell]) => cell(each, index))),
  };
}

/** `readSet` gives the same questions and checks: `caseHash` is the same. Name, settings, and ids are not in it. */
export async function writeCsv(set: SetDraft): Promise<string> {
  const { headers, rows } = caseTable(set);
  return writeTable(headers, rows);
}
