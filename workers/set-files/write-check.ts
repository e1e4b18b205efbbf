/** A check as a text, in promptfoo's notation where that has it, else in ours. What is written is always read as the same check. */
import { canonicalJson } from '../../src/shared/domain/canonical-json';
import type { Check, CheckRule } from '../../src/shared/domain/lab/check';
import { hasTemplate } from '../../src/shared/domain/lab/template';
import { markedLiteral } from './literal-text';
import { checkFromNotation } from './read-check';

/** The notation without `not-`; null where there is none. */
function ruleNotation(rule: CheckRule, literal: (text: string) => string): string | null {
  switch (rule.kind) {
    case 'equals':
    case 'starts-with':
      return `${rule.kind}:${literal(rule.value)}`;
    case 'contains':
      return `${rule.ignoresCase ? 'icontains' : 'contains'}:${literal(rule.value)}`;
    case 'contains-any':
    case 'contains-all':
      return `${rule.ignoresCase ? 'i' : ''}${rule.kind}:${rule.values.map(literal).join(',')}`;
    case 'regex':
      return rule.flags === undefined ? `regex:${literal(rule.pattern)}` : null;
    case 'is-json':
    case 'contains-json':
      return rule.schema === undefined ? rule.kind : `${rule.kind}:${literal(rule.schema)}`;
    case 'levenshtein':
      return `levenshtein(${rule.most}):${literal(rule.value)}`;
    case 'similar':
      return `similar(${rule.least}):${literal(rule.value)}`;
    case 'rubric':
      return `llm-rubric:${literal(rule.rubric)}`;
    case 'javascript':
      return `javascript:${literal(rule.code)}`;
    case 'latency':
      return `latency(${rule.mostMs})`;
    case 'refusal':
      return 'is-refusal';
    case 'number':
      return rule.tolerance === undefined ? `number:${rule.value}` : `number(${rule.tolerance}):${rule.value}`;
    case 'choice':
      return `choice:${rule.letter}`;
    case 'language':
      return `language:${rule.language}`;
    case 'length':
      return `${rule.unit}(${rule.least ?? ''}-${rule.most ?? ''})`;
    case 'code':
      return `code:${literal(JSON.stringify({ function: rule.function, calls: rule.calls }))}`;
  }
}

/** The check as a text for a cell. */
export function checkNotation(check: Check): string {
  const { not, ...rule } = check;
  const expected = canonicalJson(check);
  const marked = (text: string): string =>
    hasTemplate(text) || text !== text.trim() || text.startsWith('file://') ? markedLiteral(text) : text;
  const text = ruleNotation(rule, marked);
  if (text !== null) {
    const whole = (not ? 'not-' : '') + text;
    const read = checkFromNotation(whole, {});
    // An assumed threshold or a comma inside of a list would come back as something else.
    if (read.fault === undefined && canonicalJson(read.check) === expected) return whole;
  }
  return `check:${expected}`;
}
