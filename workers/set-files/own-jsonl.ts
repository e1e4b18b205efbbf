/** Our own form of a set: JSONL, of which the first line is the set and each further line a case. */
import {
  usualAnswerSettings,
  type AnswerSettings,
  type PromptTurn,
  type SetDraft,
} from '../../src/shared/domain/lab/case-set';
import type { Check } from '../../src/shared/domain/lab/check';
import { isFields, numberIn, textIn, type Fields } from '../../src/shared/domain/fields';
import { checkFrom } from '../../src/shared/domain/lab/check-fields';
import { turnsFromMessages } from './prompt-turns';
import { labFailure, type CaseDraft } from './set-draft';
import type { SetPlace } from '../../src/shared/domain/lab/set-note';
import type { SetNotes } from './set-notes';

export const ownFormat = 'sotto-lab-set';
export const ownVersion = 1;
const longestName = 200;

export const isOwnHeader = (fields: Fields): boolean => fields['format'] === ownFormat;

/** @returns the set, with its cases' ids still to be looked at */
export type OwnSet = Omit<SetDraft, 'cases'> & { readonly cases: readonly CaseDraft[] };

export interface OwnLine {
  readonly line: number;
  readonly value: unknown;
}

/** @throws FailureError `lab-set-newer` */
export function readOwnSet(header: Fields, lines: readonly OwnLine[], file: string, notes: SetNotes): OwnSet {
  if (header['version'] !== ownVersion)
    throw labFailure('lab-set-newer', file, `version ${JSON.stringify(header['version'])}`);
  const place = { in: 'line', line: 1 } as const;
  ignore(header, ['format', 'version', 'name', 'about', 'prompt', 'checks', 'settings'], place, notes);
  const about = textIn(header['about'], 200_000);
  return {
    name: textIn(header['name'], longestName) ?? '',
    ...(about !== undefined && { about }),
    prompt: promptFrom(header['prompt'], place, notes) ?? [],
    checks: checksFrom(header['checks'], place, notes),
    cases: lines.flatMap(({ line, value }) => caseFrom(value, { in: 'line', line }, notes) ?? []),
    settings: settingsFrom(header['settings']),
  };
}

function ignore(fields: Fields, known: readonly string[], place: SetPlace, notes: SetNotes): void {
  for (const name of Object.keys(fields)) if (!known.includes(name)) notes.add('field-ignored', place, name);
}

/** Null where it cannot be asked; a set of conversations has an empty one. */
function promptFrom(value: unknown, place: SetPlace, notes: SetNotes): readonly PromptTurn[] | null {
  if (Array.isArray(value) && value.length === 0) return [];
  const turns = turnsFromMessages(value);
  if (turns === null) notes.add('prompt-unreadable', place, JSON.stringify(value));
  return turns;
}

function checksFrom(value: unknown, place: SetPlace, notes: SetNotes): readonly Check[] {
  if (value === undefined) return [];
  if (!Array.isArray(value)) {
    notes.add('check-unreadable', place, JSON.stringify(value));
    return [];
  }
  return value.flatMap((given: unknown) => {
    const check = checkFrom(given);
    if (check === null) notes.add('check-unreadable', place, JSON.stringify(given));
    return check ?? [];
  });
}

function caseFrom(value: unknown, place: SetPlace, notes: SetNotes): CaseDraft | null {
  if (!isFields(value) || !isFields(value['variables'])) {
    notes.add('entry-unreadable', place);
    return null;
  }
  ignore(value, ['id', 'variables', 'turns', 'checks', 'reference', 'category'], place, notes);
  const turns = value['turns'] === undefined ? undefined : promptFrom(value['turns'], place, notes);
  if (turns === null) return null;
  const variables = Object.entries(value['variables']).flatMap(([name, text]) => {
    if (typeof text !== 'string') notes.add('variable-structured', place, name);
    return [[name, typeof text === 'string' ? text : JSON.stringify(text)] as const];
  });
  const reference = textIn(value['reference'], Infinity);
  const category = textIn(value['category'], Infinity);
  return {
    ...(typeof value['id'] === 'string' && { id: value['id'] }),
    variables: Object.fromEntries(variables),
    ...(turns && { turns }),
    checks: checksFrom(value['checks'], place, notes),
    ...(reference !== undefined && { reference }),
    ...(category !== undefined && { category }),
  };
}

/** What cannot be a setting is the usual one. */
function settingsFrom(value: unknown): AnswerSettings {
  const fields = isFields(value) ? value : {};
  const whole = (name: keyof AnswerSettings, least: number, most: number): number => {
    const number = numberIn(fields[name], least, most);
    return number !== undefined && Number.isInteger(number) ? number : usualAnswerSettings[name];
  };
  return {
    temperature: numberIn(fields['temperature'], 0, 10) ?? usualAnswerSettings.temperature,
    seed: whole('seed', 0, 2 ** 32 - 1),
    maxTokens: whole('maxTokens', 1, 1_000_000),
    samples: whole('samples', 1, 100),
    limitSeconds: numberIn(fields['limitSeconds'], 1, 86_400) ?? usualAnswerSettings.limitSeconds,
  };
}

/** The set as JSONL, whole: `readSet` gives the same, but for the id and the dates. */
export function writeOwnJsonl({ name, about, prompt, checks, cases, settings }: SetDraft): string {
  const header = { format: ownFormat, version: ownVersion, name, about, prompt, checks, settings };
  return [header, ...cases].map((line) => `${JSON.stringify(line)}\n`).join('');
}
