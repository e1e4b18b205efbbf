/** Checks as promptfoo writes them: as a text (`not-contains: Paris`, in CSV), or as fields (`type`, `value`, `threshold`, in YAML). */
import type { Check, CheckRule } from '../../src/shared/domain/lab/check';
import type { Variables } from '../../src/shared/domain/lab/template';
import {
  listOf,
  ruleFromParts,
  supportedTypes,
  unsupportedTypes,
  type AssumedThresholds,
  type CheckFault,
  type CheckParts,
} from './check-value';
import { filledValue } from './literal-text';
import { checkFrom } from '../../src/shared/domain/lab/check-fields';

export type ReadCheck =
  /** `assumed`: a threshold that the file does not give. `asText`: it looks like a check of ours, but is none. */
  | { readonly check: Check; readonly assumed?: number; readonly asText?: true; readonly fault?: undefined }
  /** `type`: what is not done. */
  | { readonly fault: CheckFault | 'check-template'; readonly type?: string };

const assumedInCsv: AssumedThresholds = { levenshtein: 0.75, similar: 0.8 };
const assumedInYaml: AssumedThresholds = { levenshtein: 5, similar: 0.75 };

const alternatives = (types: readonly string[]): string => [...types].sort((a, b) => b.length - a.length).join('|');

/** A threshold in parentheses, a value behind the colon. What has another form is no check, but what the answer has to be. */
const promptfooNotation = new RegExp(
  `^(not-)?(${alternatives([...supportedTypes, ...unsupportedTypes])})(?:\\((\\d+(?:\\.\\d+)?)\\))?(?::([\\s\\S]*))?$`,
);
const ownNotation =
  /^(not-)?(number|choice|language|words|tokens|refusal|code|check)(?:\(([^()]{0,60})\))?(?::([\s\S]*))?$/;
const otherNames: readonly (readonly [string, string])[] = [
  ['fn:', 'javascript:'],
  ['eval:', 'javascript:'],
  ['grade:', 'llm-rubric:'],
];

const negated = (rule: CheckRule, not: boolean): Check => (not ? { ...rule, not: true } : rule);

/**
 * @param variables of the case: promptfoo fills them into the value
 * @param threshold given in a column of its own
 */
export function checkFromNotation(cell: string, variables: Variables, threshold?: number): ReadCheck {
  const text = otherNames.reduce(
    (renamed, [old, name]) => (renamed.startsWith(old) ? name + renamed.slice(old.length) : renamed),
    cell.trim(),
  );
  // Either a program or data in another file.
  if (/^(?:python:|file:\/\/|(?:not-)?javascript:\s*file:\/\/)/.test(text))
    return { fault: 'check-unsupported', type: text };
  const [, not, type, given, value] = promptfooNotation.exec(text) ?? [];
  if (type !== undefined) {
    const inText = given === undefined ? undefined : Number(given);
    // In YAML, a part of a list may be in quotation marks; here it may not.
    const list = isListType(type)
      ? value
          ?.split(',')
          .map((part) => part.trim())
          .filter((part) => part !== '')
      : undefined;
    const parts = { type, value: list ?? value?.trim(), threshold: threshold ?? inText };
    return checkFromParts(parts, not !== undefined, variables, assumedInCsv);
  }
  const own = ownFromNotation(text, variables);
  if (own) return own;
  const expected = filledValue(text, variables);
  if (expected === null) return { fault: 'check-template' };
  // With a colon or parentheses it was meant as a check, most likely.
  const asText = ownNotation.test(text) && /[:(]/.test(text);
  return { check: { kind: 'equals', value: expected }, ...(asText && { asText: true }) };
}

/** Null where it is none of our own notations. */
function ownFromNotation(text: string, variables: Variables): ReadCheck | null {
  const [, not, kind, argument, value] = ownNotation.exec(text) ?? [];
  if (kind === undefined) return null;
  if (kind === 'check') return not === undefined ? asCheck(checkFrom(parsed(value))) : null;
  const filled = filledValue(value?.trim() ?? '', variables);
  if (filled === null) return { fault: 'check-template' };
  const rule = checkFrom(ownFields(kind, argument, value === undefined ? undefined : filled));
  return rule === null ? null : { check: negated(rule, not !== undefined) };
}

const asCheck = (check: Check | null): ReadCheck | null => check && { check };

/** The fields of a check of ours; what does not fit is undefined, so that it is none. */
function ownFields(kind: string, argument: string | undefined, value: string | undefined): unknown {
  const number = (text: string | undefined): number | undefined =>
    text === undefined || text.trim() === '' ? undefined : Number(text);
  switch (kind) {
    case 'number':
      return { kind, value: number(value), ...(argument !== undefined && { tolerance: number(argument) ?? -1 }) };
    case 'choice':
      return argument === undefined ? { kind, letter: value } : null;
    case 'language':
      return argument === undefined ? { kind, language: value } : null;
    case 'refusal':
      return argument === undefined && (value ?? '') === '' ? { kind } : null;
    case 'code': {
      const code = parsed(value);
      return typeof code === 'object' && argument === undefined ? { ...code, kind } : null;
    }
    default: {
      const [, least, most] = /^\s*(\d*)\s*-\s*(\d*)\s*$/.exec(argument ?? '') ?? [];
      if (value !== undefined && value !== '') return null;
      const limits = { least: number(least), most: number(most) };
      return { kind: 'length', unit: kind, ...limits };
    }
  }
}

function parsed(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '') as unknown;
  } catch {
    return null;
  }
}

/** Kinds whose value is split at commas before variables are filled in, as promptfoo does. */
const isListType = (type: string): boolean => /^i?contains-(?:any|all)$/.test(type);

/** @returns the value with the case's variables; null where that cannot be done */
function filledParts({ type, value, threshold }: CheckParts, variables: Variables): CheckParts | null {
  if (isListType(type)) {
    const values = listOf(value).map((entry) => filledValue(entry, variables));
    return values.includes(null) ? null : { type, value: values, threshold };
  }
  if (typeof value !== 'string') return { type, value, threshold };
  const filled = filledValue(value, variables);
  return filled === null ? null : { type, value: filled, threshold };
}

export function checkFromParts(
  parts: CheckParts,
  not: boolean,
  variables: Variables,
  assumed: AssumedThresholds = assumedInYaml,
): ReadCheck {
  const filled = filledParts(parts, variables);
  if (filled === null) return { fault: 'check-template' };
  const read = ruleFromParts(filled, assumed);
  if (read.rule === undefined) return { fault: read.fault, type: (not ? 'not-' : '') + parts.type };
  return { check: negated(read.rule, not), ...(read.assumed !== undefined && { assumed: read.assumed }) };
}
