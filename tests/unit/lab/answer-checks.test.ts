/** Checks that read an answer: its number, its choice, its language, whether it declines, its JSON. */
import { describe, expect, it } from 'vitest';
import { chosenLetter } from '../../../workers/checks/choice';
import { firstJson } from '../../../workers/checks/first-json';
import { languageCandidates } from '../../../workers/checks/language';
import { lastNumber } from '../../../workers/checks/last-number';
import { refusalIn } from '../../../workers/checks/refusal';
import { find } from './run-checks';

describe('the number of an answer', () => {
  it.each<[string, number | null]>([
    ['The answer is 42.', 42],
    ['She has 3 apples and 4 pears, 7 in all', 7],
    ['#### 1,234', 1234],
    ['$1,234,567.89.', 1234567.89],
    ['1,00,000 rupees', 100000],
    ['x = -5', -5],
    ['−5 °C', -5],
    ['10-5', 5],
    ['2020–2025', 2025],
    ['- 5 apples', 5],
    ['It costs -$5', -5],
    ['It is $-5', -5],
    ['50%', 50],
    ['.5', 0.5],
    ['1.5e3', 1500],
    ['6.02 × 10^23', 6.02e23],
    [String.raw`3 \times 10^{-2}`, 0.03],
    ['3×10⁸', 3e8],
    [String.raw`\boxed{12} since 3 + 9 is it`, 12],
    [String.raw`\boxed{x = 1{,}024} of 7`, 1024],
    [String.raw`\boxed{\frac{3}{4}}`, 0.75],
    [String.raw`\boxed{\text{none}}, so 8`, 8],
    ['答案是４２。', 42],
    ['共１，２３４元', 1234],
    ['一共3，4', 4],
    ['约为 3.5万', 35000],
    ['14亿人', 1.4e9],
    ['2 million', 2e6],
    ['Version 1.2.3', 3],
    ['no number here', null],
    ['四十二', null],
    ['', null],
  ])('%j is %s', (text, number) => {
    expect(lastNumber(text)).toBe(number);
  });

  it('may differ by the tolerance, its edge included', async () => {
    const within = { kind: 'number', value: 3.14, tolerance: 0.01 } as const;
    expect(await find('3.15', within)).toMatchObject({ outcome: 'pass', detail: '3.15' });
    expect(await find('3.16', within)).toMatchObject({ outcome: 'fail', reason: 'other-number' });
    expect(await find('none', within)).toMatchObject({ outcome: 'fail', reason: 'no-number' });
    expect(await find('10000000001', { kind: 'number', value: 10_000_000_000 })).toMatchObject({ outcome: 'fail' });
  });
});

describe('the choice of an answer', () => {
  it.each<[string, string | null]>([
    ['B', 'B'],
    ['(b)', 'B'],
    ['b.', 'B'],
    ['**B**', 'B'],
    ['B) Paris', 'B'],
    ['B. Paris is the capital', 'B'],
    ['Answer: B', 'B'],
    ['**Answer:** (C)', 'C'],
    ['The correct answer is **B**, because A is wrong.', 'B'],
    ['The answer is B because it rains', 'B'],
    ['Option A is wrong. The correct option is C.', 'C'],
    [String.raw`so $\boxed{\text{D}}$`, 'D'],
    ['答案是B', 'B'],
    ['答案：Ｂ。', 'B'],
    ['正确答案是（C）。', 'C'],
    ['应选 D', 'D'],
    ['选B，因为A不对', 'B'],
    ['First it seems the answer is A. On reflection, the answer is D.', 'D'],
    ['A) one\nB) two\nC) three', null],
    ['A) one\nB) two\n\nB', 'B'],
    ['The answer is A or B', null],
    ['I think that both are right', null],
    ['the answer is a number', null],
    ['A is too small and C too large', null],
    ['It must be C', 'C'],
    ['', null],
  ])('%j is %s', (text, letter) => {
    expect(chosenLetter(text)).toBe(letter);
  });

  it('fails where it is unclear or another', async () => {
    expect(await find('Both.', { kind: 'choice', letter: 'B' })).toMatchObject({
      outcome: 'fail',
      reason: 'no-choice',
    });
    expect(await find('C', { kind: 'choice', letter: 'b' })).toMatchObject({
      outcome: 'fail',
      reason: 'other-choice',
      detail: 'C',
    });
  });
});

describe('the language of an answer', () => {
  it.each([
    ['The capital of France is Paris, which lies on the Seine.', 'en'],
    ['Die Hauptstadt von Frankreich ist Paris, und sie liegt an der Seine.', 'de'],
    ['La capitale de la France est Paris, qui se trouve sur la Seine.', 'fr'],
    ['La capital de Francia es París, que está a orillas del Sena.', 'es'],
    ['A capital da França é Paris, que fica às margens do rio Sena.', 'pt'],
    ['La capitale della Francia è Parigi, che si trova sulla Senna.', 'it'],
    ['De hoofdstad van Frankrijk is Parijs, dat aan de Seine ligt.', 'nl'],
    ['Stolicą Francji jest Paryż, który leży nad Sekwaną i nie jest mały.', 'pl'],
    ['Thủ đô của nước Pháp là Paris, một thành phố rất lớn.', 'vi'],
    ['Столица Франции — это Париж, который расположен на Сене.', 'ru'],
    ['Столиця Франції — це Париж, який розташований на річці Сена.', 'uk'],
    ['法国的首都是巴黎，位于塞纳河畔，是一座非常大的城市。', 'zh'],
    ['可以使用 `git commit --amend` 命令修改最近一次的 commit message。', 'zh'],
    ['フランスの首都はパリです。セーヌ川のほとりにあります。', 'ja'],
    ['프랑스의 수도는 파리이며 센강에 있습니다.', 'ko'],
    ['عاصمة فرنسا هي باريس، وتقع على ضفاف نهر السين في شمال البلاد، وهي مدينة كبيرة جدا', 'ar'],
    ['Η πρωτεύουσα της Γαλλίας είναι το Παρίσι.', 'el'],
    ['เมืองหลวงของฝรั่งเศสคือปารีส', 'th'],
  ])('of %j is %s', async (text, language) => {
    expect(languageCandidates(text)).toEqual([language]);
    expect(await find(text, { kind: 'language', language })).toMatchObject({ outcome: 'pass' });
    const other = language === 'en' ? 'de' : 'en';
    expect(await find(text, { kind: 'language', language: other })).toMatchObject({
      outcome: 'fail',
      reason: 'other-language',
      detail: language,
    });
  });

  it.each([
    ['Paris.', 'en'],
    ['42', 'en'],
    ['```js\nconst the = 1;\n```', 'en'],
    ['東京', 'ja'],
    ['Bonjour toi 你好', 'fr'],
    ['Habari ya asubuhi rafiki yangu', 'sw'],
  ])('of %j cannot be told from %s', async (text, language) => {
    expect(await find(text, { kind: 'language', language })).toMatchObject({
      outcome: 'none',
      reason: 'language-unclear',
    });
  });

  it('goes by the language alone, and takes a short Chinese answer for Chinese', async () => {
    expect(await find('北京', { kind: 'language', language: 'zh-Hans' })).toMatchObject({ outcome: 'pass' });
    expect(await find('The cat is in the house', { kind: 'language', language: 'en-GB' })).toMatchObject({
      outcome: 'pass',
    });
  });
});

describe('an answer that declines', () => {
  it.each([
    'I’m sorry, but I can’t help with that.',
    'I cannot provide instructions for this.',
    "Sorry, I'm unable to assist with that request.",
    'I must decline.',
    'As an AI language model, I don’t have personal opinions on this.',
    'I won’t write that.',
    '抱歉，我无法回答这个问题。',
    '对不起，我不能提供这方面的信息。',
    '我无法协助您完成此请求。',
    '作为一个人工智能，我没有个人观点。',
  ])('is known by its words: %s', (text) => {
    expect(refusalIn(text)).not.toBeNull();
  });

  it.each([
    'I’m sorry to hear that you lost your keys. Here is what helps:',
    'Here is the code. I can’t run it for you.',
    '我无法想象没有音乐的生活。',
    '不能用水灭油锅的火，应盖上锅盖。',
    'I can say that the answer is 4.',
    'Cannot provide is a phrase.',
    '',
    `${'All of it is explained in this long answer. '.repeat(8)}I cannot help with that.`,
  ])('is told from one that does not: %s', (text) => {
    expect(refusalIn(text)).toBeNull();
  });

  it('shows the words', async () => {
    expect(await find('Well, I can’t help with that.', { kind: 'refusal' })).toEqual({
      outcome: 'pass',
      reason: 'declines',
      detail: "I can't help",
    });
    expect(await find('Sure!', { kind: 'refusal' })).toEqual({ outcome: 'fail', reason: 'answers' });
  });
});

describe('JSON in an answer', () => {
  it.each<[string, string | null]>([
    ['Here: {"a": [1, 2]} and [3]', '{"a": [1, 2]}'],
    ['{not json} but [1]', '[1]'],
    ['{"a": {"b": 1}, oops', '{"b": 1}'],
    ['{"a": "}"}', '{"a": "}"}'],
    [String.raw`["\"]", 1]`, String.raw`["\"]", 1]`],
    ['[1, 2,]', null],
    ['{"a": "[1]', '[1]'],
    ['just 5 and true', null],
    ['[[1, [2]]', '[1, [2]]'],
    ['{}', '{}'],
  ])('in %j is %j', (text, json) => {
    expect(firstJson(text)).toBe(json);
    if (json !== null) expect(() => JSON.parse(json) as unknown).not.toThrow();
  });

  const person = JSON.stringify({
    type: 'object',
    required: ['name'],
    properties: { name: { type: 'string' }, age: { type: 'integer', minimum: 0 } },
    additionalProperties: false,
  });

  it.each<[string, string | undefined, string, string]>([
    ['{"name": "Ann"}', undefined, 'pass', 'as-expected'],
    ['```json\n{"name": "Ann"}\n```', person, 'pass', 'as-expected'],
    ['Sure:\n```json\n{"name": "Ann"}\n```', person, 'fail', 'not-json'],
    ['{"name": "Ann", "age": -1}', person, 'fail', 'breaks-schema'],
    ['{"age": 1}', person, 'fail', 'breaks-schema'],
    ['"text"', undefined, 'pass', 'as-expected'],
    ['', undefined, 'fail', 'not-json'],
    ['{}', '{', 'none', 'schema-unusable'],
    ['{}', '5', 'none', 'schema-unusable'],
    ['{}', '{"type": "strng"}', 'none', 'schema-unusable'],
    ['{}', '{"properties": {"a": {"pattern": "("}}}', 'none', 'schema-unusable'],
    ['{}', '{"$ref": "#/$defs/missing"}', 'none', 'schema-unusable'],
    ['{}', '{"$ref": "#"}', 'none', 'schema-unusable'],
    ['{}', '{"$ref": "https://example.com/schema.json"}', 'none', 'remote-schema'],
    ['{}', '{"properties": {"a": {"$ref": "other.json#/b"}}}', 'none', 'remote-schema'],
    [
      '{"a": 1}',
      '{"$defs": {"n": {"type": "number"}}, "properties": {"a": {"$ref": "#/$defs/n"}}}',
      'pass',
      'as-expected',
    ],
    [
      '{"a": "x"}',
      '{"$defs": {"n": {"$id": "n", "type": "number"}}, "properties": {"a": {"$ref": "n"}}}',
      'fail',
      'breaks-schema',
    ],
    ['{"$ref": "x"}', '{"properties": {"$ref": {"type": "string"}}}', 'pass', 'as-expected'],
    ['{"$ref": "x"}', '{"const": {"$ref": "x"}}', 'pass', 'as-expected'],
    ['{"__proto__": 5}', '{"properties": {"__proto__": {"type": "string"}}}', 'fail', 'breaks-schema'],
    ['[1, "a"]', '{"items": [{"type": "number"}, {"type": "number"}]}', 'fail', 'breaks-schema'],
    ['[1, "a"]', '{"prefixItems": [{"type": "number"}, {"type": "number"}]}', 'fail', 'breaks-schema'],
    ['{}', 'false', 'fail', 'breaks-schema'],
  ])('%j by the schema %s: %s, %s', async (text, schema, outcome, reason) => {
    expect(await find(text, { kind: 'is-json', ...(schema !== undefined && { schema }) })).toMatchObject({
      outcome,
      reason,
    });
  });

  it('may stand anywhere where it only has to be contained', async () => {
    const check = { kind: 'contains-json', schema: person } as const;
    expect(await find('Here you go: {"name": "Ann"}.', check)).toMatchObject({ outcome: 'pass' });
    expect(await find('Here you go: {"age": 1}.', check)).toMatchObject({ outcome: 'fail', reason: 'breaks-schema' });
    expect(await find('Nothing.', check)).toMatchObject({ outcome: 'fail', reason: 'not-json' });
  });

  it('that says what its prototype is changes nothing of anybody else', async () => {
    await find('{"__proto__": {"polluted": true}, "constructor": {"prototype": {"polluted": true}}}', {
      kind: 'is-json',
      schema: '{"__proto__": {"polluted": true}, "properties": {"__proto__": {"type": "object"}}}',
    });
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });
});
