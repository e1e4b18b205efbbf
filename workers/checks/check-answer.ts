/** Each check of an answer, by its kind. */
import { mostCheckedCharacters, type Check, type CheckedAnswer, type Finding } from '../../src/shared/domain/lab/check';
import { cutText } from '../../src/shared/domain/cut-text';
import { chosenLetter } from './choice';
import { countWords } from './count-words';
import { failed, passed, passedIf, undecided } from './finding';
import { containsJson, isJson } from './json-checks';
import { isInLanguage } from './language';
import { isNear, lastNumber } from './last-number';
import { distanceUpTo } from './levenshtein';
import { negated } from './negated';
import { matchesPattern } from './pattern';
import { isRefusal } from './refusal';
import type { CodeRunner } from './run-code';
import { contains, containsAll, containsAny, equals, startsWith } from './text-checks';

type RuleOf<Kind extends Check['kind']> = Extract<Check, { readonly kind: Kind }>;

function isWithin(text: string, { value, most }: RuleOf<'levenshtein'>): Finding {
  const distance = distanceUpTo(text.trim(), value.trim(), most);
  if (distance === null) return undecided('check-broke');
  return distance > most ? failed('too-far', `> ${Math.floor(most)}`) : passed(String(distance));
}

function endsOn(text: string, { value, tolerance }: RuleOf<'number'>): Finding {
  const number = lastNumber(text);
  return number === null
    ? failed('no-number')
    : passedIf(isNear(number, value, tolerance), 'other-number', String(number));
}

function chooses(text: string, { letter }: RuleOf<'choice'>): Finding {
  const chosen = chosenLetter(text);
  return chosen === null
    ? failed('no-choice')
    : passedIf(chosen === letter.trim().toUpperCase(), 'other-choice', chosen);
}

function hasLength({ text, tokens }: CheckedAnswer, { unit, least = 0, most = Infinity }: RuleOf<'length'>): Finding {
  const length = unit === 'words' ? countWords(text) : tokens;
  if (length < least) return failed('too-short', String(length));
  return passedIf(length <= most, 'too-long', String(length));
}

const isInTime = ({ totalMs }: CheckedAnswer, { mostMs }: RuleOf<'latency'>): Finding =>
  passedIf(totalMs <= mostMs, 'too-slow', `${Math.round(totalMs)} ms`);

async function positive(answer: CheckedAnswer, check: Check, runner: CodeRunner | null): Promise<Finding> {
  const { text } = answer;
  switch (check.kind) {
    case 'equals':
      return equals(text, check);
    case 'contains':
      return contains(text, check);
    case 'contains-any':
      return containsAny(text, check);
    case 'contains-all':
      return containsAll(text, check);
    case 'starts-with':
      return startsWith(text, check);
    case 'regex':
      return matchesPattern(text, check.pattern, check.flags);
    case 'is-json':
      return isJson(text, check.schema);
    case 'contains-json':
      return containsJson(text, check.schema);
    case 'levenshtein':
      return isWithin(text, check);
    case 'number':
      return endsOn(text, check);
    case 'choice':
      return chooses(text, check);
    case 'language':
      return isInLanguage(text, check.language);
    case 'length':
      return hasLength(answer, check);
    case 'refusal':
      return isRefusal(text);
    case 'latency':
      return isInTime(answer, check);
    case 'javascript':
      return (await runner?.checkCondition(answer, check.code)) ?? undecided('check-broke');
    case 'code':
      return (await runner?.checkFunction(text, check.function, check.calls)) ?? undecided('check-broke');
    case 'similar':
    case 'rubric':
      return undecided('not-judged');
  }
}

/**
 * Of a very long answer, only the beginning is looked at.
 * @param runner null before anything that runs code was loaded
 */
export async function checkAnswer(answer: CheckedAnswer, check: Check, runner: CodeRunner | null): Promise<Finding> {
  const text = cutText(answer.text, mostCheckedCharacters);
  try {
    const finding = await positive({ ...answer, text }, check, runner);
    return check.not ? negated(finding, check.kind) : finding;
  } catch (error) {
    // Stored sets and imported files may hold anything: a check that is none breaks alone.
    return undecided('check-broke', error instanceof Error ? error.message : String(error));
  }
}
