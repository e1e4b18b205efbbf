/** Entries of JSONL, or of a list in JSON or YAML: tests of promptfoo, samples of OpenAI evals, or plain fields as in a table. */
import { isFields, type Fields } from '../../src/shared/domain/fields';
import { isEvalsSample, readEvalsSample } from './read-evals';
import { readRows, type ReadRows, type Row } from './read-rows';
import { alone, isTest, readTest } from './read-test';
import { expectFewCases, expectFewColumns, type CaseDraft } from './set-draft';
import type { SetPlace } from '../../src/shared/domain/lab/set-note';
import type { SetNotes } from './set-notes';

export interface Entry {
  readonly value: unknown;
  /** Of the entry, from 1. */
  readonly at: number;
  readonly place: (column?: string) => SetPlace;
}

interface PlainEntry {
  readonly fields: Fields;
  readonly place: Row['place'];
}

export function readEntries(entries: readonly Entry[], notes: SetNotes): ReadRows {
  const cases: CaseDraft[] = [];
  const plain: PlainEntry[] = [];
  for (const { value, at, place } of entries) {
    if (!isFields(value)) notes.add('entry-unreadable', place());
    else if (isTest(value)) cases.push(...readTest(value, { in: 'test', test: at }, alone, notes));
    else if (isEvalsSample(value))
      cases.push(...[readEvalsSample(value, place(), notes)].flatMap((each) => each ?? []));
    else plain.push({ fields: value, place });
    expectFewCases(cases.length);
  }
  const rows = readPlain(plain, notes);
  const asked = new Set(cases.flatMap(({ turns, variables }) => (turns ? [] : Object.keys(variables))));
  return {
    cases: [...cases, ...rows.cases],
    prompt: rows.prompt,
    variables: [...new Set([...asked, ...rows.variables])],
  };
}

/** Each field is a column. */
function readPlain(entries: readonly PlainEntry[], notes: SetNotes): ReadRows {
  const headers = [...new Set(entries.flatMap(({ fields }) => Object.keys(fields)))];
  expectFewColumns(headers);
  const rows = entries.map(({ fields, place }): Row => {
    const cells = headers.map((header) =>
      Object.hasOwn(fields, header) ? cellOf(fields[header], place(header), notes) : undefined,
    );
    return { place, cells };
  });
  return readRows({ headers, rows }, notes);
}

function cellOf(value: unknown, place: SetPlace, notes: SetNotes): string | undefined {
  if (value === null || value === undefined) return undefined;
  if (typeof value !== 'object') return String(value);
  const text = JSON.stringify(value);
  notes.add('variable-structured', place, text);
  return text;
}
