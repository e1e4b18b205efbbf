import { describe, expect, it } from 'vitest';
import { checkFromNotation } from '../../../workers/set-files/read-check';
import { checkNotation } from '../../../workers/set-files/write-check';
import type { Check } from '../../../src/shared/domain/lab/check';
import { mulberry32 } from '../../../workers/engine/seeded-random';
import { anyCheck } from './any-set';

const read = (text: string, variables = {}): unknown => {
  const { fault, ...rest } = checkFromNotation(text, variables);
  return fault ?? ('check' in rest ? rest.check : null);
};

describe('checks in the notation of promptfoo', () => {
  it.each<[string, Check]>([
    ['Paris', { kind: 'equals', value: 'Paris' }],
    ['equals: 30', { kind: 'equals', value: '30' }],
    ['contains: Hello', { kind: 'contains', value: 'Hello' }],
    ['icontains:bonjour', { kind: 'contains', value: 'bonjour', ignoresCase: true }],
    ['contains-any: <b>,</span>', { kind: 'contains-any', values: ['<b>', '</span>'] }],
    ['contains-all: a, b ,c', { kind: 'contains-all', values: ['a', 'b', 'c'] }],
    ['icontains-any:a,b', { kind: 'contains-any', values: ['a', 'b'], ignoresCase: true }],
    ['icontains-all:a,b', { kind: 'contains-all', values: ['a', 'b'], ignoresCase: true }],
    ['starts-with: Dear', { kind: 'starts-with', value: 'Dear' }],
    ['regex:^\\d{3}$', { kind: 'regex', pattern: '^\\d{3}$' }],
    ['is-json', { kind: 'is-json' }],
    ['contains-json', { kind: 'contains-json' }],
    ['is-json:{"type":"object"}', { kind: 'is-json', schema: '{"type":"object"}' }],
    ['levenshtein(5): hello', { kind: 'levenshtein', value: 'hello', most: 5 }],
    ['similar(0.9):Hello there', { kind: 'similar', value: 'Hello there', least: 0.9 }],
    ['similar:Hello there', { kind: 'similar', value: 'Hello there', least: 0.8 }],
    ['llm-rubric: Is polite', { kind: 'rubric', rubric: 'Is polite' }],
    ['grade:Is polite', { kind: 'rubric', rubric: 'Is polite' }],
    ['javascript: output.length < 10', { kind: 'javascript', code: 'output.length < 10' }],
    ['fn:output.includes("a")', { kind: 'javascript', code: 'output.includes("a")' }],
    ['eval:output === "a"', { kind: 'javascript', code: 'output === "a"' }],
    ['latency(1500)', { kind: 'latency', mostMs: 1500 }],
    ['is-refusal', { kind: 'refusal' }],
    ['word-count:12', { kind: 'length', unit: 'words', least: 12, most: 12 }],
    ['not-contains:sorry', { kind: 'contains', value: 'sorry', not: true }],
    ['not-is-json', { kind: 'is-json', not: true }],
    ['not-llm-rubric:Is rude', { kind: 'rubric', rubric: 'Is rude', not: true }],
    ['https://example.com', { kind: 'equals', value: 'https://example.com' }],
    ['Contains: a', { kind: 'equals', value: 'Contains: a' }],
  ])('%s is read', (text, check) => {
    expect(read(text)).toEqual(check);
  });

  it.each<[string, Check]>([
    ['number:42', { kind: 'number', value: 42 }],
    ['number(0.5): -3.25', { kind: 'number', value: -3.25, tolerance: 0.5 }],
    ['choice:B', { kind: 'choice', letter: 'B' }],
    ['language:zh', { kind: 'language', language: 'zh' }],
    ['words(10-50)', { kind: 'length', unit: 'words', least: 10, most: 50 }],
    ['words(-50)', { kind: 'length', unit: 'words', most: 50 }],
    ['tokens(10-):', { kind: 'length', unit: 'tokens', least: 10 }],
    ['refusal', { kind: 'refusal' }],
    ['not-refusal', { kind: 'refusal', not: true }],
    [
      'code:{"function":"add","calls":[{"arguments":[1,2],"result":3}]}',
      { kind: 'code', function: 'add', calls: [{ arguments: [1, 2], result: 3 }] },
    ],
    ['check:{"kind":"regex","pattern":"a","flags":"i"}', { kind: 'regex', pattern: 'a', flags: 'i' }],
  ])('%s of ours is read', (text, check) => {
    expect(read(text)).toEqual(check);
  });

  it.each(['number: five', 'choice:Paris', 'language: French', 'words(many)', 'check:{}', 'code:x'])(
    '%s is what the answer must be, and that is told',
    (text) => {
      expect(checkFromNotation(text, {})).toEqual({ check: { kind: 'equals', value: text }, asText: true });
    },
  );

  it.each(['number', 'choice', 'language', 'code'])('%s alone is a word', (text) => {
    expect(checkFromNotation(text, {})).toEqual({ check: { kind: 'equals', value: text } });
  });

  it.each(['factuality:The capital is Paris', 'not-cost(0.1)', 'python: len(output)', 'file://check.py', 'is-xml'])(
    '%s is not done',
    (text) => {
      expect(read(text)).toBe('check-unsupported');
    },
  );

  it.each([
    'contains:',
    'contains',
    'regex:(',
    'latency:1000',
    'is-json:{',
    'similar(2):a',
    'contains-any: ,',
    'levenshtein(3):',
  ])('%s lacks something', (text) => {
    expect(read(text)).toBe('check-unreadable');
  });

  it('says which threshold is assumed', () => {
    expect(checkFromNotation('similar:a', {})).toMatchObject({ assumed: 0.8 });
    expect(checkFromNotation('levenshtein:a', {})).toMatchObject({ assumed: 0, check: { most: 0 } });
    expect(checkFromNotation('similar:a', {}, 0.6)).toEqual({ check: { kind: 'similar', value: 'a', least: 0.6 } });
  });

  it('gets the variables of its case, and nothing else', () => {
    expect(read('contains:{{ topic }}!', { topic: 'tea' })).toEqual({ kind: 'contains', value: 'tea!' });
    expect(read('contains-any:{{a}},b', { a: 'x,y' })).toEqual({ kind: 'contains-any', values: ['x,y', 'b'] });
    expect(read('number:{{n}}', { n: '7' })).toEqual({ kind: 'number', value: 7 });
    expect(read('contains:{{ topic | upper }}', { topic: 'tea' })).toBe('check-template');
    expect(read('contains:{{ constructor }}', {})).toBe('check-template');
    expect(read('contains:{% raw %}{{topic}}{% endraw %}', { topic: 'tea' })).toEqual({
      kind: 'contains',
      value: '{{topic}}',
    });
  });
});

describe('a check that is written', () => {
  it.each<[Check, string]>([
    [{ kind: 'contains', value: 'a', ignoresCase: true, not: true }, 'not-icontains:a'],
    [{ kind: 'contains', value: ' a ' }, 'contains:{% raw %} a {% endraw %}'],
    [{ kind: 'equals', value: '{% endraw %}' }, 'equals:{{ "{% endraw %}" }}'],
    [{ kind: 'contains-any', values: ['a, b', 'c'] }, 'check:{"kind":"contains-any","values":["a, b","c"]}'],
    [{ kind: 'similar', value: 'a', least: 0 }, 'similar(0):a'],
    [{ kind: 'length', unit: 'words', most: 5 }, 'words(-5)'],
  ])('%j is %s', (check, text) => {
    expect(checkNotation(check)).toBe(text);
  });

  it('is read as the same check, whatever is in it', () => {
    const random = mulberry32(16);
    for (let round = 0; round < 3000; round += 1) {
      const check = anyCheck(random);
      const text = checkNotation(check);
      expect(read(text), text).toEqual(check);
    }
  }, 60_000);
});
