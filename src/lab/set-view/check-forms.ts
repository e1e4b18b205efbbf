/** How each kind of check is written in a form: its fields, and what a new one begins with. */
import type { Check, CheckKind } from '../../shared/domain/lab/check';
import { m } from '../../text/paraglide/messages.js';

export type CheckField =
  | {
      readonly name: string;
      readonly type: 'text' | 'long' | 'number';
      readonly label: () => string;
      readonly optional?: true;
    }
  /** A value a line. */
  | { readonly name: string; readonly type: 'lines'; readonly label: () => string }
  | { readonly name: string; readonly type: 'json'; readonly label: () => string }
  | { readonly name: string; readonly type: 'yes'; readonly label: () => string }
  | {
      readonly name: string;
      readonly type: 'choice';
      readonly label: () => string;
      readonly choices: readonly (readonly [value: string, label: () => string])[];
    };

interface CheckForm {
  readonly title: () => string;
  readonly fields: readonly CheckField[];
  readonly begin: Check;
}

const ignoresCase: CheckField = { name: 'ignoresCase', type: 'yes', label: m.lab_check_ignores_case };
const value = (type: 'text' | 'long' | 'number' = 'text'): CheckField => ({
  name: 'value',
  type,
  label: m.lab_check_value,
});
const values: CheckField = { name: 'values', type: 'lines', label: m.lab_check_values };
const schema: CheckField = { name: 'schema', type: 'long', label: m.lab_check_schema, optional: true };

/** In the order in which they are offered: what is wanted most often first. */
export const checkForms: Readonly<Record<CheckKind, CheckForm>> = {
  contains: {
    title: m.lab_check_contains,
    fields: [value(), ignoresCase],
    begin: { kind: 'contains', value: '', ignoresCase: true },
  },
  equals: { title: m.lab_check_equals, fields: [value()], begin: { kind: 'equals', value: '' } },
  'contains-any': {
    title: m.lab_check_contains_any,
    fields: [values, ignoresCase],
    begin: { kind: 'contains-any', values: [], ignoresCase: true },
  },
  'contains-all': {
    title: m.lab_check_contains_all,
    fields: [values, ignoresCase],
    begin: { kind: 'contains-all', values: [], ignoresCase: true },
  },
  'starts-with': { title: m.lab_check_starts_with, fields: [value()], begin: { kind: 'starts-with', value: '' } },
  number: {
    title: m.lab_check_number,
    fields: [value('number'), { name: 'tolerance', type: 'number', label: m.lab_check_tolerance, optional: true }],
    begin: { kind: 'number', value: 0 },
  },
  choice: {
    title: m.lab_check_choice,
    fields: [{ name: 'letter', type: 'text', label: m.lab_check_letter }],
    begin: { kind: 'choice', letter: 'A' },
  },
  'is-json': { title: m.lab_check_is_json, fields: [schema], begin: { kind: 'is-json' } },
  'contains-json': { title: m.lab_check_contains_json, fields: [schema], begin: { kind: 'contains-json' } },
  regex: {
    title: m.lab_check_regex,
    fields: [
      { name: 'pattern', type: 'text', label: m.lab_check_pattern },
      { name: 'flags', type: 'text', label: m.lab_check_flags, optional: true },
    ],
    begin: { kind: 'regex', pattern: '' },
  },
  length: {
    title: m.lab_check_length,
    fields: [
      {
        name: 'unit',
        type: 'choice',
        label: m.lab_check_unit,
        choices: [
          ['words', m.lab_check_words],
          ['tokens', m.lab_check_tokens],
        ],
      },
      { name: 'least', type: 'number', label: m.lab_check_least, optional: true },
      { name: 'most', type: 'number', label: m.lab_check_most, optional: true },
    ],
    begin: { kind: 'length', unit: 'words' },
  },
  language: {
    title: m.lab_check_language,
    fields: [{ name: 'language', type: 'text', label: m.lab_check_language_code }],
    begin: { kind: 'language', language: 'en' },
  },
  refusal: { title: m.lab_check_refusal, fields: [], begin: { kind: 'refusal' } },
  levenshtein: {
    title: m.lab_check_levenshtein,
    fields: [value('long'), { name: 'most', type: 'number', label: m.lab_check_most_edits }],
    begin: { kind: 'levenshtein', value: '', most: 5 },
  },
  latency: {
    title: m.lab_check_latency,
    fields: [{ name: 'mostMs', type: 'number', label: m.lab_check_most_ms }],
    begin: { kind: 'latency', mostMs: 5000 },
  },
  code: {
    title: m.lab_check_code,
    fields: [
      { name: 'function', type: 'text', label: m.lab_check_function },
      {
        name: 'calls',
        type: 'json',
        label: () => m.lab_check_calls({ example: '[{"arguments": [1, 2], "result": 3}]' }),
      },
    ],
    begin: { kind: 'code', function: 'solve', calls: [{ arguments: [1, 2], result: 3 }] },
  },
  javascript: {
    title: m.lab_check_javascript,
    fields: [{ name: 'code', type: 'long', label: () => m.lab_check_code_text({ example: 'output.includes("x")' }) }],
    begin: { kind: 'javascript', code: 'output.length > 0' },
  },
  rubric: {
    title: m.lab_check_rubric,
    fields: [{ name: 'rubric', type: 'long', label: m.lab_check_rubric_text }],
    begin: { kind: 'rubric', rubric: '' },
  },
  similar: {
    title: m.lab_check_similar,
    fields: [value('long'), { name: 'least', type: 'number', label: m.lab_check_least_similarity }],
    begin: { kind: 'similar', value: '', least: 0.8 },
  },
};

export const checkKinds = Object.keys(checkForms) as readonly CheckKind[];

/** What a person has typed into a field, as the check holds it; undefined takes it out. */
export function fieldValue({ type, ...field }: CheckField, typed: string): unknown {
  switch (type) {
    case 'number': {
      const number = Number(typed);
      return typed.trim() === '' || !Number.isFinite(number) ? undefined : number;
    }
    case 'lines':
      return typed.split('\n').filter((line) => line !== '');
    case 'json':
      return JSON.parse(typed) as unknown;
    case 'yes':
      return typed === 'yes' ? true : undefined;
    default:
      return typed === '' && 'optional' in field ? undefined : typed;
  }
}

/** A field's value as it is typed. */
export function fieldText({ name, type }: CheckField, check: Check): string {
  const value = (check as unknown as Readonly<Record<string, unknown>>)[name];
  if (value === undefined) return '';
  if (type === 'lines') return (value as readonly string[]).join('\n');
  if (type === 'json') return JSON.stringify(value, null, 1);
  return String(value);
}
