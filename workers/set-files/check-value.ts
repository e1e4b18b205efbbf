/** A check from its parts: promptfoo's name for it, its value, its threshold. Both of its notations end here. */
import { canonicalJson } from '../../src/shared/domain/canonical-json';
import type { CheckRule } from '../../src/shared/domain/lab/check';

export interface CheckParts {
  /** Without `not-`. */
  readonly type: string;
  readonly value?: unknown;
  readonly threshold?: number | undefined;
}

export type CheckFault = 'check-unsupported' | 'check-unreadable';

export type ReadRule =
  { readonly rule: CheckRule; readonly assumed?: number } | { readonly fault: CheckFault; readonly rule?: undefined };

/** What promptfoo assumes where nothing is said, which differs between CSV and YAML; undefined where it demands a threshold. */
export interface AssumedThresholds {
  readonly levenshtein: number;
  readonly similar: number;
}

/** Kinds of promptfoo that are not done here: they need a service, a program, or another kind of answer. */
export const unsupportedTypes = [
  'agent-rubric',
  'answer-relevance',
  'assert-set',
  'bleu',
  'classifier',
  'contains-html',
  'contains-sql',
  'contains-xml',
  'context-faithfulness',
  'context-recall',
  'context-relevance',
  'conversation-relevance',
  'cost',
  'factuality',
  'finish-reason',
  'g-eval',
  'gleu',
  'guardrails',
  'human',
  'is-html',
  'is-sql',
  'is-valid-function-call',
  'is-valid-openai-function-call',
  'is-valid-openai-tools-call',
  'is-xml',
  'max-score',
  'meteor',
  'model-graded-closedqa',
  'model-graded-factuality',
  'moderation',
  'perplexity',
  'perplexity-score',
  'pi',
  'python',
  'rouge-l',
  'rouge-n',
  'rouge-s',
  'ruby',
  'search-rubric',
  'select-best',
  'similar:dot',
  'similar:euclidean',
  'skill-used',
  'tool-call-f1',
  'trace-error-spans',
  'trace-span-count',
  'trace-span-duration',
  'trajectory:goal-success',
  'trajectory:step-count',
  'trajectory:tool-args-match',
  'trajectory:tool-sequence',
  'trajectory:tool-used',
  'webhook',
] as const;

/** Kinds of promptfoo that are done here. */
export const supportedTypes = [
  'contains',
  'contains-all',
  'contains-any',
  'contains-json',
  'equals',
  'icontains',
  'icontains-all',
  'icontains-any',
  'is-json',
  'is-refusal',
  'javascript',
  'latency',
  'levenshtein',
  'llm-rubric',
  'regex',
  'similar',
  'similar:cosine',
  'starts-with',
  'word-count',
] as const;

const unreadable: ReadRule = { fault: 'check-unreadable' };

const textOf = (value: unknown): string | null =>
  typeof value === 'string' ? value : typeof value === 'number' || typeof value === 'boolean' ? String(value) : null;

/** A list, or a text with commas; a part in quotation marks may have commas itself. */
export function listOf(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap((entry) => textOf(entry) ?? []);
  const parts = (textOf(value) ?? '').match(/\s*"(?:[^"\\]|\\.)*"\s*(?=,|$)|[^,]+/g) ?? [];
  return parts.map((part) => part.trim().replace(/^"(.*)"$/s, '$1')).filter((part) => part !== '');
}

const isPattern = (pattern: string): boolean => {
  try {
    new RegExp(pattern);
    return true;
  } catch {
    return false;
  }
};

/** The schema's text, undefined where there is none, null where it is no JSON. */
function schemaOf(value: unknown): string | undefined | null {
  if (value === undefined || value === null || value === '') return undefined;
  if (typeof value === 'object') return canonicalJson(value);
  if (typeof value !== 'string') return null;
  try {
    const schema: unknown = JSON.parse(value);
    return typeof schema === 'object' && schema !== null ? value : null;
  } catch {
    return null;
  }
}

function wordCount(value: unknown): ReadRule {
  const count = (given: unknown): number | undefined => {
    const number = typeof given === 'string' && given.trim() !== '' ? Number(given) : given;
    return typeof number === 'number' && Number.isSafeInteger(number) && number >= 0 ? number : undefined;
  };
  if (typeof value === 'object' && value !== null) {
    const [least, most] = [count('min' in value && value.min), count('max' in value && value.max)];
    if (least === undefined && most === undefined) return unreadable;
    return {
      rule: {
        kind: 'length',
        unit: 'words',
        ...(least !== undefined && { least }),
        ...(most !== undefined && { most }),
      },
    };
  }
  const exact = count(value);
  return exact === undefined ? unreadable : { rule: { kind: 'length', unit: 'words', least: exact, most: exact } };
}

function similar(value: string, threshold: number | undefined, assumed: number): ReadRule {
  const least = threshold ?? assumed;
  if (value === '' || least < 0 || least > 1) return unreadable;
  return { rule: { kind: 'similar', value, least }, ...(threshold === undefined && { assumed: least }) };
}

function levenshtein(value: string, threshold: number | undefined, assumed: number): ReadRule {
  const most = Math.floor(threshold ?? assumed);
  if (value === '' || most < 0) return unreadable;
  return { rule: { kind: 'levenshtein', value, most }, ...(threshold === undefined && { assumed: most }) };
}

/** Checks whose value is one text. */
function textRule(type: string, value: string, threshold: number | undefined, assumed: AssumedThresholds): ReadRule {
  switch (type) {
    case 'equals':
      return { rule: { kind: 'equals', value } };
    case 'similar':
    case 'similar:cosine':
      return similar(value, threshold, assumed.similar);
    case 'levenshtein':
      return levenshtein(value, threshold, assumed.levenshtein);
  }
  // What contains nothing is contained in everything: such a check cannot fail.
  if (value === '') return unreadable;
  switch (type) {
    case 'contains':
      return { rule: { kind: 'contains', value } };
    case 'icontains':
      return { rule: { kind: 'contains', value, ignoresCase: true } };
    case 'starts-with':
      return { rule: { kind: 'starts-with', value } };
    case 'regex':
      return isPattern(value) ? { rule: { kind: 'regex', pattern: value } } : unreadable;
    case 'llm-rubric':
      return { rule: { kind: 'rubric', rubric: value } };
    case 'javascript':
      return { rule: { kind: 'javascript', code: value } };
    default:
      return { fault: 'check-unsupported' };
  }
}

/** @returns the rule; `assumed` is a threshold that the file does not give */
export function ruleFromParts({ type, value, threshold }: CheckParts, assumed: AssumedThresholds): ReadRule {
  const ignoresCase = type.startsWith('icontains') && ({ ignoresCase: true } as const);
  switch (type) {
    case 'contains-any':
    case 'contains-all':
    case 'icontains-any':
    case 'icontains-all': {
      const values = listOf(value);
      const kind = type.endsWith('any') ? 'contains-any' : 'contains-all';
      return values.length === 0 ? unreadable : { rule: { kind, values, ...ignoresCase } };
    }
    case 'is-json':
    case 'contains-json': {
      const schema = schemaOf(value);
      return schema === null ? unreadable : { rule: { kind: type, ...(schema !== undefined && { schema }) } };
    }
    case 'latency':
      return threshold === undefined ? unreadable : { rule: { kind: 'latency', mostMs: threshold } };
    case 'is-refusal':
      return { rule: { kind: 'refusal' } };
    case 'word-count':
      return wordCount(value);
  }
  if (!(supportedTypes as readonly string[]).includes(type)) return { fault: 'check-unsupported' };
  const text = textOf(value);
  return text === null ? unreadable : textRule(type, text, threshold, assumed);
}
