/** Checks that compare an answer's words, count them, or look for how it begins. */
import { describe, expect, it } from 'vitest';
import type { Check } from '../../../src/shared/domain/lab/check';
import { checkAnswer } from '../../../workers/checks/check-answer';
import { countWords } from '../../../workers/checks/count-words';
import { distanceUpTo } from '../../../workers/checks/levenshtein';
import { answerOf, find } from './run-checks';

describe('a check of words', () => {
  it.each<[string, Check, string, string]>([
    ['\n Paris \n', { kind: 'equals', value: 'Paris' }, 'pass', 'as-expected'],
    ['paris', { kind: 'equals', value: 'Paris' }, 'fail', 'different'],
    ['It is Paris.', { kind: 'contains', value: 'Paris' }, 'pass', 'as-expected'],
    ['It is paris.', { kind: 'contains', value: 'Paris' }, 'fail', 'missing'],
    ['It is paris.', { kind: 'contains', value: 'Paris', ignoresCase: true }, 'pass', 'as-expected'],
    ['red', { kind: 'contains-any', values: ['blue', 'red'] }, 'pass', 'as-expected'],
    ['red', { kind: 'contains-all', values: ['blue', 'red'] }, 'fail', 'missing'],
    ['RED blue', { kind: 'contains-all', values: ['Blue', 'red'], ignoresCase: true }, 'pass', 'as-expected'],
    ['\nYes, it is', { kind: 'starts-with', value: 'Yes' }, 'pass', 'as-expected'],
    ['Well, yes', { kind: 'starts-with', value: 'Yes' }, 'fail', 'different'],
    ['2026-11-29', { kind: 'regex', pattern: String.raw`^\d{4}-\d\d-\d\d$` }, 'pass', 'as-expected'],
    ['HELLO', { kind: 'regex', pattern: 'hello', flags: 'i' }, 'pass', 'as-expected'],
    ['HELLO', { kind: 'regex', pattern: 'hello' }, 'fail', 'no-match'],
    ['a', { kind: 'regex', pattern: '(' }, 'none', 'pattern-broken'],
    ['a', { kind: 'regex', pattern: 'a', flags: 'q' }, 'none', 'pattern-broken'],
    ['kitten', { kind: 'levenshtein', value: 'sitting', most: 3 }, 'pass', 'as-expected'],
    ['kitten', { kind: 'levenshtein', value: 'sitting', most: 2 }, 'fail', 'too-far'],
    ['one two three', { kind: 'length', unit: 'words', least: 4 }, 'fail', 'too-short'],
    ['one two three', { kind: 'length', unit: 'words', most: 2 }, 'fail', 'too-long'],
    ['one two three', { kind: 'length', unit: 'words', least: 3, most: 3 }, 'pass', 'as-expected'],
    ['x', { kind: 'length', unit: 'tokens', most: 9 }, 'fail', 'too-long'],
    ['x', { kind: 'latency', mostMs: 1000 }, 'pass', 'as-expected'],
    ['x', { kind: 'latency', mostMs: 999 }, 'fail', 'too-slow'],
    ['x', { kind: 'similar', value: 'y', least: 0.8 }, 'none', 'not-judged'],
    ['x', { kind: 'rubric', rubric: 'Is polite' }, 'none', 'not-judged'],
  ])('of %j by %j: %s, %s', async (text, check, outcome, reason) => {
    expect(await find(text, check)).toMatchObject({ outcome, reason });
  });

  it('says what is missing, and only that', async () => {
    expect(await find('red', { kind: 'contains-all', values: ['blue', 'red', 'green'] })).toEqual({
      outcome: 'fail',
      reason: 'missing',
      detail: 'blue, green',
    });
  });

  it('shows at most 500 characters of what it found', async () => {
    const { detail = '' } = await find('x'.repeat(2000), { kind: 'equals', value: 'y' });
    expect(detail).toHaveLength(500);
  });

  it('looks at the first 200,000 characters alone', async () => {
    const text = `${'x'.repeat(1_000_000)}end`;
    expect(await find(text, { kind: 'contains', value: 'end' })).toMatchObject({ outcome: 'fail' });
    expect(await find(text, { kind: 'regex', pattern: '^x{200000}$' })).toMatchObject({ outcome: 'pass' });
  });

  it('that is none at all, from a damaged file, breaks alone', async () => {
    const check = { kind: 'contains-any' } as unknown as Check;
    expect(await find('x', check)).toMatchObject({ outcome: 'none', reason: 'check-broke' });
  });
});

describe('the opposite of a check', () => {
  it.each<[string, Check, string, string]>([
    ['foo', { kind: 'contains', value: 'foo', not: true }, 'fail', 'present'],
    ['bar', { kind: 'contains', value: 'foo', not: true }, 'pass', 'as-expected'],
    ['I can’t help with that.', { kind: 'refusal', not: true }, 'fail', 'declines'],
    ['Gladly.', { kind: 'refusal', not: true }, 'pass', 'answers'],
    ['a', { kind: 'regex', pattern: '(', not: true }, 'none', 'pattern-broken'],
    ['Paris', { kind: 'language', language: 'en', not: true }, 'none', 'language-unclear'],
    ['x', { kind: 'rubric', rubric: 'Is polite', not: true }, 'none', 'not-judged'],
  ])('of %j by %j: %s, %s', async (text, check, outcome, reason) => {
    expect(await find(text, check)).toMatchObject({ outcome, reason });
  });
});

describe('the distance of two texts', () => {
  /** The textbook's, with the whole table. */
  function plain(a: string, b: string): number {
    const [from, to] = [[...a], [...b]];
    const table = [Array.from({ length: to.length + 1 }, (_, index) => index)];
    for (const [y, sign] of from.entries()) {
      const row = [y + 1];
      for (const [x, other] of to.entries())
        row.push(
          Math.min((row[x] ?? 0) + 1, (table[y]?.[x + 1] ?? 0) + 1, (table[y]?.[x] ?? 0) + (sign === other ? 0 : 1)),
        );
      table.push(row);
    }
    return table.at(-1)?.at(-1) ?? 0;
  }

  it('is that of the textbook, and one more than the limit for all that is farther', () => {
    let seed = 7;
    const random = (most: number): number => (seed = (seed * 48_271) % 2_147_483_647) % most;
    const word = (): string => Array.from({ length: random(14) }, () => 'abé中😀'[random(3)] ?? '').join('');
    for (let round = 0; round < 3000; round += 1) {
      const [a, b, most] = [word(), word(), random(16)];
      expect([a, b, most, distanceUpTo(a, b, most)]).toEqual([a, b, most, Math.min(plain(a, b), most + 1)]);
    }
  });

  it('counts characters, not their halves', () => {
    expect(distanceUpTo('😀', '😃', 5)).toBe(1);
    expect(distanceUpTo('中文', '中国', 5)).toBe(1);
  });

  it('of long texts takes a moment, and of too long ones is not looked for', () => {
    const long = 'ab'.repeat(50_000);
    const begin = performance.now();
    expect(distanceUpTo(long, `x${long}`, 100)).toBe(1);
    expect(distanceUpTo(long, 'ba'.repeat(49_990), 100)).toBe(20);
    expect(performance.now() - begin).toBeLessThan(3000);
    expect(distanceUpTo(long, 'ba'.repeat(50_000), 90_000)).toBeNull();
  });
});

describe('the number of words', () => {
  it.each([
    ['', 0],
    ['Don’t panic: it’s 3.14.', 4],
    ['今天天气很好。', 6],
    ['使用 GPU 加速', 5],
    ['東京タワー', 5],
    ['오늘 날씨가 좋습니다', 3],
  ])('in %j is %i', (text, count) => {
    expect(countWords(text)).toBe(count);
  });
});

it('an answer of anything is checked in a moment, by every check that cannot hang', async () => {
  const hostile = [
    '{'.repeat(200_000),
    '['.repeat(200_000),
    '["'.repeat(100_000),
    '{"a":'.repeat(40_000),
    ' '.repeat(200_000),
    '\n'.repeat(200_000),
    `answer${' '.repeat(199_000)}`,
    '1'.repeat(200_000),
    '1,22,'.repeat(40_000),
    '1 '.repeat(100_000),
    '\\boxed{'.repeat(28_000),
    '\\('.repeat(100_000),
    `\`\`\`\n${' '.repeat(199_000)}`,
    '```\n'.repeat(50_000),
    '`'.repeat(200_000),
    '<a'.repeat(100_000),
    '$$'.repeat(100_000),
    'A\n'.repeat(100_000),
    'answer is '.repeat(20_000),
    "i'm sorry ".repeat(20_000),
    '我无法'.repeat(60_000),
    'http://'.repeat(28_000),
    'word '.repeat(40_000),
    '中'.repeat(200_000),
    'а'.repeat(200_000),
    '\u0301'.repeat(200_000),
    '-'.repeat(200_000),
    '{{A}'.repeat(50_000),
  ];
  const checks: Check[] = [
    { kind: 'equals', value: 'x' },
    { kind: 'contains-any', values: ['x', 'y'], ignoresCase: true },
    { kind: 'is-json' },
    { kind: 'contains-json' },
    { kind: 'levenshtein', value: 'x', most: 5 },
    { kind: 'number', value: 5 },
    { kind: 'choice', letter: 'B' },
    { kind: 'language', language: 'en' },
    { kind: 'length', unit: 'words', most: 5 },
    { kind: 'refusal' },
  ];
  const slow: unknown[] = [];
  for (const text of hostile)
    for (const check of checks) {
      const begin = performance.now();
      await checkAnswer(answerOf(text), check, null);
      const time = performance.now() - begin;
      if (time > 5000) slow.push([text.slice(0, 12), check.kind, Math.round(time)]);
    }
  expect(slow).toEqual([]);
}, 120_000);
