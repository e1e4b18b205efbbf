/** Random sets that are as awkward as anything that people and attackers write. */
import type { CaseSet, LabCase, PromptTurn } from '../../../src/shared/domain/lab/case-set';
import { usualAnswerSettings } from '../../../src/shared/domain/lab/case-set';
import type { Check, CheckRule } from '../../../src/shared/domain/lab/check';

type Random = () => number;

const fragments = [
  ...[
    'a',
    'Paris',
    '42',
    ' ',
    '  ',
    '\n',
    '\r\n',
    '\r',
    '\t',
    ',',
    ';',
    '"',
    "'",
    '""',
    "'=",
    '=1+1',
    '+',
    '-1',
    '@SUM',
    '|',
  ],
  ...[
    '{{',
    '}}',
    '{{ x }}',
    '{% raw %}',
    '{% endraw %}',
    '{#',
    '#}',
    'file://a.txt',
    'equals:',
    'check:',
    'not-',
    '\\',
    '\\n',
  ],
  ...[
    '你好',
    '，',
    '🙂',
    '\u0000',
    '\ufeff',
    '\u2028',
    '__proto__',
    'null',
    'true',
    '1e3',
    '2024-01-01',
    '- a',
    ': ',
    '#',
    '&a',
    '*a',
    '!x',
  ],
] as const;

const below = (random: Random, count: number): number => Math.floor(random() * count);
const pick = <T>(random: Random, values: readonly T[]): T => values[below(random, values.length)] as T;

export const anyText = (random: Random, most = 5): string =>
  Array.from({ length: below(random, most + 1) }, () => pick(random, fragments)).join('');

const full = (random: Random): string => anyText(random) + pick(random, ['x', '答', '.', ' .', '0']);

function anyRule(random: Random): CheckRule {
  const ignoresCase = random() < 0.5 && ({ ignoresCase: true } as const);
  const rules: readonly (() => CheckRule)[] = [
    () => ({ kind: 'equals', value: anyText(random) }),
    () => ({ kind: 'contains', value: full(random), ...ignoresCase }),
    () => ({
      kind: pick(random, ['contains-any', 'contains-all']),
      values: Array.from({ length: 1 + below(random, 3) }, () => anyText(random)),
      ...ignoresCase,
    }),
    () => ({ kind: 'starts-with', value: full(random) }),
    () => ({ kind: 'regex', pattern: full(random), ...(random() < 0.5 && { flags: 'i' }) }),
    () => ({ kind: pick(random, ['is-json', 'contains-json']) }),
    () => ({ kind: 'is-json', schema: JSON.stringify({ const: anyText(random) }) }),
    () => ({ kind: 'levenshtein', value: full(random), most: below(random, 9) }),
    () => ({ kind: 'number', value: (random() - 0.5) * 10 ** below(random, 30) }),
    () => ({ kind: 'number', value: below(random, 99), tolerance: random() }),
    () => ({ kind: 'choice', letter: pick(random, ['A', 'B', 'c']) }),
    () => ({ kind: 'language', language: pick(random, ['en', 'zh']) }),
    () => ({ kind: 'length', unit: pick(random, ['words', 'tokens']), least: below(random, 9) }),
    () => ({ kind: 'length', unit: 'words', least: 1, most: 5 }),
    () => ({ kind: 'refusal' }),
    () => ({ kind: 'latency', mostMs: below(random, 10_000) }),
    () => ({ kind: 'javascript', code: full(random) }),
    () => ({
      kind: 'code',
      function: 'f',
      calls: [{ arguments: [anyText(random)], result: { [anyText(random)]: null } }],
    }),
    () => ({ kind: 'similar', value: full(random), least: random() }),
    () => ({ kind: 'rubric', rubric: full(random) }),
  ];
  return pick(random, rules)();
}

export const anyCheck = (random: Random): Check => ({
  ...anyRule(random),
  ...(random() < 0.3 && { not: true as const }),
});

const some = <T>(random: Random, most: number, make: () => T): T[] =>
  Array.from({ length: below(random, most + 1) }, make);

const anyTurns = (random: Random, names: readonly string[]): PromptTurn[] => [
  ...(random() < 0.5 ? [{ role: 'system', content: anyText(random) } as const] : []),
  { role: 'user', content: `${anyText(random)}{{ ${pick(random, names)} }}` },
  ...(random() < 0.3
    ? [{ role: 'assistant', content: anyText(random) } as const, { role: 'user', content: full(random) } as const]
    : []),
];

const variableNames = ['question', '问题', 'constructor', '=cmd', 'x'] as const;

/** Every case has the same variables, which is all that a table can hold. */
export function anySet(random: Random): CaseSet {
  const names = variableNames.slice(0, 1 + below(random, variableNames.length));
  const cases = Array.from({ length: 1 + below(random, 4) }, (_, index): LabCase => ({
    id: `c${index + 1}`,
    variables: Object.fromEntries(names.map((name) => [name, anyText(random)])),
    ...(random() < 0.2 && { turns: anyTurns(random, names) }),
    checks: some(random, 3, () => anyCheck(random)),
    ...(random() < 0.3 && { reference: full(random) }),
    ...(random() < 0.3 && { category: full(random) }),
  }));
  return {
    id: 'set',
    name: full(random),
    ...(random() < 0.5 && { about: full(random) }),
    prompt: anyTurns(random, names),
    checks: some(random, 2, () => anyCheck(random)),
    cases,
    settings: { ...usualAnswerSettings, seed: below(random, 100) },
    createdAt: 1,
    updatedAt: 2,
  };
}
