/** A check as our own files have it: its fields, each looked at, since a file may say anything. */
import type { Check, CheckRule, CodeCall } from './check';
import { isFields, numberIn, oneOf, type Fields } from '../fields';
import { isShallow } from '../shallow';

const count = (value: unknown): number | undefined => {
  const number = numberIn(value, 0, Number.MAX_SAFE_INTEGER);
  return number !== undefined && Number.isInteger(number) ? number : undefined;
};

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

const texts = (value: unknown): readonly string[] | undefined =>
  Array.isArray(value) && value.length > 0 && value.every((entry) => typeof entry === 'string') ? value : undefined;

const codeCalls = (value: unknown): readonly CodeCall[] | undefined =>
  Array.isArray(value) &&
  value.length > 0 &&
  value.every((call) => isFields(call) && Array.isArray(call['arguments']) && 'result' in call && isShallow(call))
    ? value.map(({ arguments: given, result }: CodeCall) => ({ arguments: given, result }))
    : undefined;

/** A field that may be absent: null where it is there and unusable. */
const optional = <T>(given: unknown, read: T | undefined): T | undefined | null =>
  given === undefined ? undefined : (read ?? null);

/** With the fields that are there; null where one is null. */
function rule<Kind extends CheckRule['kind']>(kind: Kind, fields: Readonly<Record<string, unknown>>): CheckRule | null {
  const entries = Object.entries(fields).filter(([, value]) => value !== undefined);
  // Each caller names the fields of its kind, with the types that they were read as.
  return entries.some(([, value]) => value === null) ? null : ({ kind, ...Object.fromEntries(entries) } as CheckRule);
}

const needed = <T>(value: T | undefined): T | null => value ?? null;

/** Null where the kind is not known, or a field is missing or unusable. */
function ruleFrom(fields: Fields): CheckRule | null {
  const ignoresCase = optional(fields['ignoresCase'], fields['ignoresCase'] === true || undefined);
  const value = needed(text(fields['value']));
  switch (fields['kind']) {
    case 'equals':
    case 'starts-with':
      return rule(fields['kind'], { value });
    case 'contains':
      return rule('contains', { value, ignoresCase });
    case 'contains-any':
    case 'contains-all':
      return rule(fields['kind'], { values: needed(texts(fields['values'])), ignoresCase });
    case 'regex': {
      const flags = optional(fields['flags'], /^[dgimsuy]{0,7}$/.exec(text(fields['flags']) ?? 'none')?.[0]);
      return rule('regex', { pattern: needed(text(fields['pattern'])), flags });
    }
    case 'is-json':
    case 'contains-json':
      return rule(fields['kind'], { schema: optional(fields['schema'], text(fields['schema'])) });
    case 'levenshtein':
      return rule('levenshtein', { value, most: needed(count(fields['most'])) });
    case 'number': {
      const number = needed(numberIn(fields['value'], -Number.MAX_VALUE, Number.MAX_VALUE));
      const tolerance = optional(fields['tolerance'], numberIn(fields['tolerance'], 0, Number.MAX_VALUE));
      return rule('number', { value: number, tolerance });
    }
    case 'choice':
      return rule('choice', { letter: needed(/^[A-Z]$/i.exec(text(fields['letter']) ?? '')?.[0]) });
    case 'language':
      return rule('language', { language: needed(/^[a-z]{2,3}$/.exec(text(fields['language']) ?? '')?.[0]) });
    case 'length': {
      const least = optional(fields['least'], count(fields['least']));
      const most = optional(fields['most'], count(fields['most']));
      if (least === undefined && most === undefined) return null;
      return rule('length', { unit: needed(oneOf(fields['unit'], ['words', 'tokens'])), least, most });
    }
    case 'refusal':
      return rule('refusal', {});
    case 'latency':
      return rule('latency', { mostMs: needed(numberIn(fields['mostMs'], 0, Number.MAX_SAFE_INTEGER)) });
    case 'javascript':
      return rule('javascript', { code: needed(text(fields['code'])) });
    case 'code': {
      const name = needed(/^[\p{ID_Start}$_][\p{ID_Continue}$]{0,99}$/u.exec(text(fields['function']) ?? '')?.[0]);
      return rule('code', { function: name, calls: needed(codeCalls(fields['calls'])) });
    }
    case 'similar':
      return rule('similar', { value, least: needed(numberIn(fields['least'], 0, 1)) });
    case 'rubric':
      return rule('rubric', { rubric: needed(text(fields['rubric'])) });
    default:
      return null;
  }
}

/** Null where it is no check that this version knows. */
export function checkFrom(value: unknown): Check | null {
  if (!isFields(value)) return null;
  const found = ruleFrom(value);
  if (found === null || (value['not'] !== undefined && value['not'] !== true)) return null;
  return value['not'] === true ? { ...found, not: true } : found;
}
