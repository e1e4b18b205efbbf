/** A set from a file or from pasted text. */
import {
  mostCases,
  usualAnswerSettings,
  type LabCase,
  type PromptTurn,
  type SetDraft,
} from '../../src/shared/domain/lab/case-set';
import { isFields, type Fields } from '../../src/shared/domain/fields';
import { FailureError } from '../../src/shared/protocol/failure';
import type { TextEncoding } from '../../src/shared/domain/text-encoding';
import { isVariableName, unsupportedSyntax } from '../../src/shared/domain/lab/template';
import { isOwnHeader, readOwnSet, type OwnLine } from './own-jsonl';
import { isConfig, readConfig } from './read-config';
import { readCsv } from './read-csv';
import { isEvalsSample } from './read-evals';
import { readEntries, type Entry } from './read-entries';
import { readLines } from './read-lines';
import type { ReadRows } from './read-rows';
import { isTest } from './read-test';
import { parseYaml } from './read-yaml';
import { isShallow } from '../../src/shared/domain/shallow';
import { labFailure, linesOf, type CaseDraft } from './set-draft';
import { setFormat, type SetFormat } from './set-format';
import type { SetPlace } from '../../src/shared/domain/lab/set-note';
import type { ReadSet } from '../../src/shared/protocol/set-files';
import { SetNotes } from './set-notes';
import { setText } from './set-text';

export interface ReadSetOptions {
  /** Where the person knows better than the name and the text. */
  readonly format?: SetFormat;
  /** Of bytes that are neither UTF-8 nor marked. */
  readonly encoding?: TextEncoding;
  /** Told how far the slowest format has been read, 0 to 1. */
  readonly progress?: (fraction: number) => void;
}

/** What a format gives: cases without ids, and one prompt for each set. */
interface Parts extends Omit<SetDraft, 'prompt' | 'cases'> {
  readonly prompts: readonly (readonly PromptTurn[])[];
  readonly cases: readonly CaseDraft[];
}

/**
 * @param name of the file; empty for pasted text
 * @throws FailureError `lab-set-unreadable`, `lab-set-too-large` or `lab-set-newer`; `part-…` when a reader cannot be loaded
 */
export async function readSet(
  name: string,
  content: Uint8Array | string,
  { format, encoding, progress = () => {} }: ReadSetOptions = {},
): Promise<ReadSet> {
  const text = setText(name, content, encoding);
  const notes = new SetNotes();
  try {
    const parts = await readParts(name, text, format ?? setFormat(name, text), notes, progress);
    if (parts.cases.length > mostCases) throw labFailure('lab-set-too-large', name, `${parts.cases.length} cases`);
    if (parts.cases.length === 0) throw labFailure('lab-set-unreadable', name, 'no cases');
    return { sets: setsFrom(parts, notes), notes: notes.list };
  } catch (error) {
    // A fault of a reader on hostile text, such as a stack that overflows, is no fault of the app.
    if (error instanceof FailureError) throw named(error, name);
    throw labFailure('lab-set-unreadable', name, String(error));
  }
}

/** Inner parts do not know the file. */
const named = (error: FailureError, name: string): FailureError =>
  name === '' || error.failure.subject !== undefined || !error.failure.kind.startsWith('lab-')
    ? error
    : labFailure(error.failure.kind, name, error.failure.technical);

async function readParts(
  name: string,
  text: string,
  format: SetFormat,
  notes: SetNotes,
  progress: (fraction: number) => void,
): Promise<Parts> {
  switch (format) {
    case 'csv':
      return fromRows(name, await readCsv(text, name, notes), notes);
    case 'lines':
      return fromRows(name, readLines(text, name), notes);
    case 'yaml':
      return fromYaml(name, await parseYaml(text, name, progress), notes);
    case 'jsonl':
      return fromJsonl(name, text, notes);
    case 'json': {
      const data = parsedJson(text);
      return data === undefined ? fromJsonl(name, text, notes) : fromData(name, data, notes);
    }
  }
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** A mapping in YAML may be anything; only a list is one of cases. */
function fromYaml(name: string, data: unknown, notes: SetNotes): Parts {
  if (!Array.isArray(data) && !(isFields(data) && isConfig(data)))
    throw labFailure('lab-set-unreadable', name, 'neither a configuration nor a list of tests');
  return fromData(name, data, notes);
}

function fromData(name: string, data: unknown, notes: SetNotes): Parts {
  if (!isShallow(data)) throw labFailure('lab-set-unreadable', name, 'nested too deeply');
  if (isFields(data) && isOwnHeader(data)) return fromOwn(name, data, [], notes);
  if (isFields(data) && isConfig(data)) return fromConfig(name, data, notes);
  // One object may be the only line of a JSONL; else it is some other program's file.
  if (
    isFields(data) &&
    !isTest(data) &&
    !isEvalsSample(data) &&
    Object.values(data).some((value) => typeof value === 'object')
  )
    throw labFailure('lab-set-unreadable', name, 'no known format');
  const list: readonly unknown[] = Array.isArray(data) ? data : [data];
  return fromEntries(
    name,
    list.map((value, index) => ({ value, at: index + 1, place: () => ({ in: 'test', test: index + 1 }) })),
    notes,
  );
}

function fromJsonl(name: string, text: string, notes: SetNotes): Parts {
  const lines = linesOf(text, name).flatMap((source, index): readonly OwnLine[] => {
    if (source.trim() === '') return [];
    const value = parsedJson(source);
    const isEntry = isFields(value) && isShallow(value);
    if (!isEntry) notes.add('entry-unreadable', { in: 'line', line: index + 1 });
    return isEntry ? [{ line: index + 1, value }] : [];
  });
  const [first, ...rest] = lines;
  if (first && isFields(first.value) && isOwnHeader(first.value)) return fromOwn(name, first.value, rest, notes);
  return fromEntries(
    name,
    lines.map(({ line, value }): Entry => {
      const place = (column?: string): SetPlace => ({ in: 'line', line, ...(column !== undefined && { column }) });
      return { value, at: line, place };
    }),
    notes,
  );
}

function fromEntries(name: string, entries: readonly Entry[], notes: SetNotes): Parts {
  if (entries.length > mostCases) throw labFailure('lab-set-too-large', name, `${entries.length} entries`);
  return fromRows(name, readEntries(entries, notes), notes);
}

function fromOwn(name: string, header: Fields, lines: readonly OwnLine[], notes: SetNotes): Parts {
  const { prompt, ...set } = readOwnSet(header, lines, name, notes);
  return { ...set, prompts: [prompt] };
}

const usual = (name: string): Pick<Parts, 'name' | 'checks' | 'settings'> => ({
  name: name.replace(/\.\w{1,5}$/, ''),
  checks: [],
  settings: usualAnswerSettings,
});

function fromRows(name: string, rows: ReadRows, notes: SetNotes): Parts {
  return { ...usual(name), cases: rows.cases, prompts: [rows.prompt ?? promptFor(rows, notes)] };
}

function fromConfig(name: string, config: Fields, notes: SetNotes): Parts {
  const { prompts, cases, ...more } = readConfig(config, notes);
  if (prompts && prompts.length > 0)
    return { ...usual(name), ...more, cases, prompts: prompts.map(({ turns }) => turns) };
  const variables = [...new Set(cases.flatMap(({ variables: values }) => Object.keys(values)))];
  // Where the file names prompts that are elsewhere, none is made up in their place.
  const named = prompts !== null;
  if (named) notes.add('no-prompt', { in: 'file' });
  return { ...usual(name), ...more, cases, prompts: [named ? [] : promptFor({ cases, variables }, notes)] };
}

/** The one prompt that asks for all that there is and adds nothing; where there are several ways, none. */
function promptFor(
  { cases, variables }: Pick<ReadRows, 'cases' | 'variables'>,
  notes: SetNotes,
): readonly PromptTurn[] {
  if (cases.every(({ turns }) => turns !== undefined)) return [];
  const [only, ...others] = variables;
  if (only !== undefined && others.length === 0 && isVariableName(only)) {
    notes.add('prompt-from-variable', { in: 'file' }, only);
    return [{ role: 'user', content: `{{${only}}}` }];
  }
  notes.add('no-prompt', { in: 'file' });
  return [];
}

function setsFrom({ prompts, cases, ...more }: Parts, notes: SetNotes): readonly [SetDraft, ...SetDraft[]] {
  const withIds = identified(cases, notes);
  for (const [index, prompt] of prompts.entries())
    for (const source of unsupportedSyntax(prompt))
      notes.add('template-syntax', { in: 'prompt', prompt: index + 1 }, source);
  for (const { turns } of cases)
    for (const source of turns ? unsupportedSyntax(turns) : []) notes.add('template-syntax', { in: 'file' }, source);
  const [first = [], ...others] = prompts;
  const setWith = (prompt: readonly PromptTurn[]): SetDraft => ({ ...more, prompt, cases: withIds });
  return [setWith(first), ...others.map(setWith)];
}

const usableId = /^[\w-]{1,64}$/;

/** Ids of the file where they are unique, since stored answers refer to them. */
function identified(cases: readonly CaseDraft[], notes: SetNotes): readonly LabCase[] {
  const given = new Set(cases.map(({ id }) => id));
  const taken = new Set<string>();
  let next = 1;
  const newId = (): string => {
    while (given.has(`c${next}`)) next += 1;
    next += 1;
    return `c${next - 1}`;
  };
  return cases.map((draft) => {
    const { id } = draft;
    const kept = id !== undefined && usableId.test(id) && !taken.has(id);
    if (id !== undefined && !kept) notes.add('id-changed', { in: 'file' }, id);
    const own = kept ? id : newId();
    taken.add(own);
    return { ...draft, id: own };
  });
}
