/** Checks that compare words with words. */
import type { CheckRule, Finding } from '../../src/shared/domain/lab/check';
import { failed, passed, passedIf } from './finding';

type RuleOf<Kind extends CheckRule['kind']> = Extract<CheckRule, { readonly kind: Kind }>;
type ListRule = RuleOf<'contains-any' | 'contains-all'>;

/** Without the space around both: models begin and end with lines of their own. */
export const equals = (text: string, { value }: RuleOf<'equals'>): Finding =>
  passedIf(text.trim() === value.trim(), 'different', text);

export const startsWith = (text: string, { value }: RuleOf<'starts-with'>): Finding =>
  passedIf(text.trimStart().startsWith(value.trimStart()), 'different', text.trimStart().slice(0, value.length + 40));

const folded = (text: string, ignoresCase: true | undefined): string => (ignoresCase ? text.toLowerCase() : text);

export const contains = (text: string, { value, ignoresCase }: RuleOf<'contains'>): Finding =>
  passedIf(folded(text, ignoresCase).includes(folded(value, ignoresCase)), 'missing', value);

const found = (text: string, { values, ignoresCase }: ListRule): readonly string[] => {
  const whole = folded(text, ignoresCase);
  return values.filter((value) => whole.includes(folded(value, ignoresCase)));
};

export function containsAny(text: string, rule: ListRule): Finding {
  const present = found(text, rule);
  return present.length > 0 ? passed(present.join(', ')) : failed('missing', rule.values.join(', '));
}

export function containsAll(text: string, rule: ListRule): Finding {
  const present = new Set(found(text, rule));
  const missing = rule.values.filter((value) => !present.has(value));
  return missing.length === 0 ? passed(rule.values.join(', ')) : failed('missing', missing.join(', '));
}
