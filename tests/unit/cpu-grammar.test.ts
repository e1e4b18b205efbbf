// @vitest-environment node
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { FailureError } from '../../src/shared/protocol/failure';
import { mulberry32 } from '../../workers/engine/seeded-random';
import { type GrammarMatcher, Grammars, type TokenTexts } from '../../workers/engine/cpu/sampling/grammar';

/** Every byte, pieces that cross the borders of JSON, halves of characters, and a token that ends the answer. */
const pieces: readonly (string | readonly number[])[] = [
  ...Array.from({ length: 256 }, (_, byte) => [byte]),
  ...[
    '{"',
    '":',
    '": ',
    '", "',
    '"}',
    '"]',
    '},',
    ' {',
    '[[',
    ']]',
    ', ',
    '\n  ',
    'true',
    'false',
    'null',
    '\\"',
    '\\u00',
  ],
  ...['name', 'age', 'ello', ' world', '12', '345', '0.', '.5', 'é', '好', '😀', 'a"b', '-1', 'e+', 'tags'],
  [0xe5, 0xa5],
  [0xbd],
];
const bytes = pieces.map((piece) =>
  typeof piece === 'string' ? new TextEncoder().encode(piece) : Uint8Array.from(piece),
);
const end = bytes.length;
const control = bytes.length + 1;
const texts: TokenTexts = {
  size: bytes.length + 2,
  bytesOf: (token) => bytes[token] ?? new TextEncoder().encode('<|x|>'),
  isControl: (token) => token >= end,
};
/** The logits are more than the tokens, as they are in models whose vocabulary is padded. */
const vocabularySize = texts.size + 37;
const isSet = (mask: Int32Array, token: number): boolean => (((mask[token >>> 5] ?? 0) >>> (token & 31)) & 1) === 1;

let grammars: Grammars;
beforeAll(() => {
  // The library asks where it is, in the way of a worker.
  vi.stubGlobal('location', new URL(import.meta.url));
  grammars = new Grammars(texts, [end], vocabularySize);
});
afterAll(() => {
  grammars.dispose();
  vi.unstubAllGlobals();
});

/** A text is taken as the schema itself. */
const schemaText = (schema: unknown): string => (typeof schema === 'string' ? schema : JSON.stringify(schema));

async function using<T>(schema: unknown, use: (matcher: GrammarMatcher) => T | Promise<T>): Promise<T> {
  const matcher = await grammars.matcherFor(schemaText(schema));
  try {
    return await use(matcher);
  } finally {
    matcher.dispose();
  }
}

/** Whether a text, byte by byte, is an answer of this form. */
const fits = (schema: unknown, text: string): Promise<boolean> =>
  using(
    schema,
    (matcher) => [...new TextEncoder().encode(text)].every((byte) => matcher.accept(byte)) && matcher.accept(end),
  );

/** Writes by chance what is allowed, and tends to an end. */
async function written(schema: unknown, random: () => number, most = 400): Promise<string> {
  return using(schema, async (matcher) => {
    const said: number[] = [];
    for (let count = 0; count < most; count += 1) {
      const mask = await matcher.allowed();
      const allowed = Array.from({ length: vocabularySize }, (_, token) => token).filter((token) => isSet(mask, token));
      expect(allowed.length).toBeGreaterThan(0);
      expect(allowed.every((token) => token <= end)).toBe(true);
      const closing = allowed.filter((token) => [0x22, 0x7d, 0x5d].includes(bytes[token]?.[0] ?? 0));
      const from = random() < 0.3 && closing.length > 0 ? closing : allowed;
      const token = isSet(mask, end) ? end : (from[Math.floor(random() * from.length)] ?? end);
      expect(matcher.accept(token)).toBe(true);
      if (token === end) break;
      said.push(...(bytes[token] ?? []));
    }
    expect(matcher.isDone()).toBe(true);
    return new TextDecoder().decode(Uint8Array.from(said));
  });
}

const refusal = async (schema: unknown): Promise<unknown> => {
  const error: unknown = await grammars.matcherFor(schemaText(schema)).catch((reason: unknown) => reason);
  return error instanceof FailureError ? error.failure : error;
};

describe('answers in JSON', () => {
  it.each([
    '{}',
    '[]',
    '"a\\n\\u00e9 好 😀"',
    '-12.5e3',
    'true',
    '{"a": [1, {"b": null}], "c": "d"}',
    '{\n  "a": 1\n}',
  ])('any JSON may be %s', async (text) => {
    expect(await fits({}, text)).toBe(true);
  });

  it.each(['', '{', '{"a" 1}', '[1,]', '01', '"\n"', "'a'", 'nul', '{"a":1}}', '1 2', '"\\x"', '+1', '.5'])(
    'it may not be %j',
    async (text) => {
      expect(await fits({}, text)).toBe(false);
    },
  );

  it('what is allowed can be read by JSON.parse, whatever was chosen', async () => {
    const random = mulberry32(7);
    for (let round = 0; round < 12; round += 1) {
      const text = await written({ type: 'object', properties: { a: { type: 'string' } }, required: ['a'] }, random);
      expect(() => JSON.parse(text) as unknown).not.toThrow();
    }
  });

  it('half a character of one token is followed by its other half', async () => {
    await using({ type: 'string' }, async (matcher) => {
      const token = (wanted: readonly number[]): number =>
        pieces.findIndex((piece) => String(piece) === String(wanted));
      matcher.accept(0x22);
      expect(matcher.accept(token([0xe5, 0xa5]))).toBe(true);
      const mask = await matcher.allowed();
      expect(isSet(mask, token([0xbd]))).toBe(true);
      expect(isSet(mask, 0x22)).toBe(false);
    });
  });
});

describe('answers of a schema', () => {
  const person = {
    type: 'object',
    properties: {
      name: { type: 'string' },
      age: { type: 'integer', minimum: 0, maximum: 130 },
      tags: { type: 'array', items: { enum: ['a/b', 'say "hi"', 3, null] }, minItems: 1, maxItems: 3 },
    },
    required: ['name', 'age'],
  };
  const linked = {
    $ref: '#/$defs/node',
    $defs: {
      node: {
        type: 'object',
        properties: { next: { anyOf: [{ $ref: '#/$defs/node' }, { type: 'null' }] } },
        required: ['next'],
      },
    },
  };

  it.each<[schema: unknown, good: readonly string[], bad: readonly string[]]>([
    [
      person,
      [
        '{"name":"x","age":0}',
        '{"name": "x", "age": 130, "tags": ["a/b", 3]}',
        '{"name":"","age":7,"tags":["say \\"hi\\"",null]}',
      ],
      [
        '{"age":1,"name":"x"}',
        '{"name":"x"}',
        '{"name":"x","age":131}',
        '{"name":"x","age":-1}',
        '{"name":"x","age":1,"z":1}',
        '{"name":"x","age":1,"tags":[]}',
        '{"name":"x","age":1,"tags":[3,3,3,3]}',
        '{"name":"x","age":1.5}',
      ],
    ],
    [{ type: 'object' }, ['{}', '{"a": [1]}'], ['[]']],
    [{ type: 'object', additionalProperties: { type: 'integer' } }, ['{}', '{"a": 1, "b": 2}'], ['{"a": "x"}']],
    [
      { type: 'object', properties: { a: {} }, additionalProperties: true },
      ['{}', '{"a":1,"b":2}', '{"b":2}'],
      ['{,"b":2}'],
    ],
    [
      { type: 'object', properties: { a: {}, b: {}, c: {} } },
      ['{}', '{"a":1}', '{"b":1}', '{"c":1}', '{"a":1,"c":1}', '{"a":1,"b":1,"c":1}'],
      ['{"b":1,"a":1}', '{"a":1,}', '{"a":1,"a":1}'],
    ],
    [
      { properties: { 'a"b\\': { const: 'q"' } }, required: ['a"b\\', 'extra'] },
      ['{"a\\"b\\\\":"q\\"","extra":[]}'],
      ['{"a"b":1}', '{"a\\"b\\\\":"q\\""}'],
    ],
    [linked, ['{"next":null}', '{"next":{"next":{"next":null}}}'], ['{"next":1}', '{}']],
    [{ type: ['string', 'null'] }, ['"a"', 'null'], ['1']],
    [{ type: 'string', minLength: 2, maxLength: 4 }, ['"ab"', '"好好好好"'], ['"a"', '"abcde"', '"a\nb"', '"a"b"']],
    [{ type: 'string', minLength: 2 }, ['"ab"', '"abcdefgh\\n"'], ['"a"', '""']],
    [{ type: 'string', pattern: '^[^a]+.\\S$' }, ['"xyz"', '"好好好"'], ['"x"y"', '"ayz"', '"x\ny"', '"xy\\"']],
    [{ pattern: '^(?:ab|c{2,3})\\d?-[x-z.]*$' }, ['"ab-"', '"cc1-x.z"'], ['"c-"', '"ab12-"', '"ab"']],
    [{ type: 'string', format: 'date' }, ['"2026-11-29"'], ['"2026-13-01"', '"26-1-1"']],
    [
      { type: 'string', format: 'date-time' },
      ['"2026-11-29T10:20:30Z"', '"2026-11-29T10:20:30.5+01:00"'],
      ['"2026-11-29 10:20"'],
    ],
    [{ type: 'string', format: 'uuid' }, ['"123e4567-e89b-12d3-a456-426614174000"'], ['"123e4567"']],
    [{ type: 'string', format: 'ipv4' }, ['"127.0.0.1"', '"255.250.99.10"'], ['"256.0.0.1"', '"1.2.3"']],
    [{ type: 'string', format: 'email' }, ['"a@b"', '"anything"'], ['1']],
    [{ type: 'number', minimum: 0, maximum: 1 }, ['0', '1', '0.25', '1.00'], ['2', '1.01', '-0.10', '0.']],
    [
      { type: 'number', minimum: -3.5, maximum: 10.125 },
      ['-3.500', '-3', '10', '10.125', '0.000'],
      ['-3.501', '10.126', '-4', '11', '-3x500'],
    ],
    [
      { type: 'number', exclusiveMinimum: 0, maximum: 0.5 },
      ['0.50', '0.01'].map((text) => `${text}0000`),
      ['0', '0.000000', '1'],
    ],
    [{ type: 'integer', minimum: 5 }, ['5', '9', '10', '123456'], ['4', '0', '-5', '05']],
    [{ type: 'integer', maximum: -5 }, ['-5', '-10', '-99'], ['-4', '0', '5']],
    [{ type: 'integer', minimum: 0, exclusiveMinimum: true, exclusiveMaximum: 3 }, ['1', '2'], ['0', '3']],
    [
      { type: 'array', prefixItems: [{ type: 'integer' }, { type: 'string' }], items: false },
      ['[1, "a"]'],
      ['[1]', '[1,"a",2]', '["a",1]'],
    ],
    [{ type: 'array', items: { type: 'integer' }, maxItems: 0 }, ['[]'], ['[1]']],
    [{ type: 'array', items: { type: 'integer' }, minItems: 2 }, ['[1,2]', '[1, 2, 3]'], ['[1]', '[]']],
    [
      {
        allOf: [
          { type: 'object', properties: { a: { type: 'integer' } }, required: ['a'] },
          { properties: { b: { type: 'null' } }, required: ['b'] },
        ],
      },
      ['{"a":1,"b":null}'],
      ['{"a":1}', '{"b":null}'],
    ],
    [
      {
        type: 'object',
        properties: { k: { const: 1 } },
        required: ['k'],
        oneOf: [
          { properties: { x: { type: 'null' } }, required: ['x'] },
          { properties: { y: { type: 'null' } }, required: ['y'] },
        ],
      },
      ['{"k":1,"x":null}', '{"k":1,"y":null}'],
      ['{"k":1}', '{"k":2,"x":null}'],
    ],
    [{ const: { a: [1, 'b'] } }, ['{"a":[1,"b"]}'], ['{"a":[1]}']],
    [{ enum: [0.1, 'é', true] }, ['0.1', '"é"', 'true'], ['0.2', 'false']],
  ])('can be all that it allows and nothing else: %j', async (schema, good, bad) => {
    for (const text of good) expect([text, await fits(schema, text)]).toEqual([text, true]);
    for (const text of bad) expect([text, await fits(schema, text)]).toEqual([text, false]);
  });

  it('whatever is chosen, numbers lie between their bounds', async () => {
    const random = mulberry32(11);
    const small = (): number => Math.round((random() - 0.5) * 4000) / 10 ** Math.floor(random() * 4);
    for (let round = 0; round < 25; round += 1) {
      const [minimum = 0, maximum = 0] = [small(), small()].sort((one, other) => one - other);
      const type = round % 2 === 0 || maximum - minimum < 1 ? 'number' : 'integer';
      const text = await written({ type, minimum, maximum }, random);
      const value = JSON.parse(text) as number;
      expect([minimum, value, maximum]).toEqual([minimum, value, maximum].sort((one, other) => one - other));
      if (type === 'integer') expect(Number.isInteger(value)).toBe(true);
    }
  });

  it('what no grammar can see to is told', async () => {
    const schema = {
      type: 'object',
      properties: { long: { type: 'string', maxLength: 500 }, tags: { type: 'array', uniqueItems: true } },
    };
    expect(await using(schema, ({ relaxed }) => relaxed)).toEqual(
      expect.arrayContaining(['maxLength at #/properties/long', 'uniqueItems at #/properties/tags']),
    );
  });
});

describe('a schema that cannot be used', () => {
  const deep = (count: number): unknown =>
    count === 0 ? { type: 'null' } : { type: 'array', items: deep(count - 1), minItems: 1 };

  it.each<[string, unknown]>([
    ['an unknown type', { type: 'bogus' }],
    ['a reference to another server', { $ref: 'https://example.com/schema' }],
    ['a reference to nothing', { $ref: '#/$defs/nope' }],
    ['a reference into the prototype of an object', { $ref: '#/constructor' }],
    ['a reference to itself', { $ref: '#' }],
    [
      'references in a circle',
      { anyOf: [{ $ref: '#/$defs/a' }], $defs: { a: { anyOf: [{ $ref: '#/$defs/a' }, {}] } } },
    ],
    ['nothing that is allowed', { enum: [] }],
    ['false', false],
    ['bounds that are crossed', { type: 'integer', minimum: 5, maximum: 2 }],
    ['lengths that are crossed', { type: 'string', minLength: 5, maxLength: 2 }],
    ['a pattern that looks ahead', { type: 'string', pattern: 'a(?=b)' }],
    ['a pattern that looks back', { type: 'string', pattern: '(a)\\1' }],
    ['a pattern that is none', { type: 'string', pattern: '(' }],
    ['a pattern of a million letters', { type: 'string', pattern: '((a{100}){100}){100}' }],
    ['a pattern that takes seconds to compile', { type: 'string', pattern: '^.{0,100}$' }],
    ['patterns that do so together', { prefixItems: Array.from({ length: 9 }, () => ({ pattern: '.{0,10}' })) }],
    [
      'references that double sixty times',
      {
        $ref: '#/$defs/d0',
        $defs: Object.fromEntries(
          Array.from({ length: 56 }, (_, index) => {
            const next = { $ref: `#/$defs/d${index + 1}`, type: 'null' };
            return [`d${index}`, index === 55 ? { type: 'null' } : { anyOf: [next, next] }];
          }),
        ),
      },
    ],
    ['a constant without a bottom', `{"const":${'['.repeat(60_000)}${']'.repeat(60_000)}}`],
    ['a pattern without a bottom', { pattern: `${'('.repeat(4000)}a${')'.repeat(4000)}` }],
    ['no JSON', '{"type":'],
    ['a depth without end', deep(500)],
    [
      'too many properties',
      { properties: Object.fromEntries(Array.from({ length: 3000 }, (_, index) => [`p${index}`, {}])) },
    ],
  ])('%s is a named failure', async (_, schema) => {
    expect(await refusal(schema)).toMatchObject({ kind: 'schema-invalid' });
  });

  it('does not harm the next one', async () => {
    await refusal({ type: 'bogus' });
    expect(await fits({ type: 'null' }, 'null')).toBe(true);
  });
});

describe('a matcher', () => {
  it('takes back tokens, and then goes another way', async () => {
    await using({ type: 'array' }, async (matcher) => {
      expect([...'[12'].every((sign) => matcher.accept(sign.charCodeAt(0)))).toBe(true);
      const before = await matcher.allowed();
      expect([...',3]'].every((sign) => matcher.accept(sign.charCodeAt(0)))).toBe(true);
      expect(matcher.accept(end)).toBe(true);
      matcher.rollback(4);
      expect(matcher.isDone()).toBe(false);
      expect(await matcher.allowed()).toEqual(before);
      expect([...']'].every((sign) => matcher.accept(sign.charCodeAt(0))) && matcher.accept(end)).toBe(true);
    });
  });

  it('refuses tokens that are none, those without text, and all after the end', async () => {
    await using({ type: 'null' }, async (matcher) => {
      for (const token of [-1, vocabularySize, 1e9, NaN, control, end, texts.size + 3])
        expect(matcher.accept(token)).toBe(false);
      for (const sign of 'null') matcher.accept(sign.charCodeAt(0));
      expect(matcher.accept(end)).toBe(true);
      expect(matcher.accept(end)).toBe(false);
      const mask = await matcher.allowed();
      expect(Array.from({ length: vocabularySize }, (_, token) => token).filter((token) => isSet(mask, token))).toEqual(
        [end],
      );
      matcher.rollback(1000);
      expect(matcher.accept('n'.charCodeAt(0))).toBe(true);
    });
  });

  it('is a failure when the grammars of the model were ended', async () => {
    const ended = new Grammars(texts, [end]);
    ended.dispose();
    await expect(ended.matcherFor('{}')).rejects.toMatchObject({ failure: { kind: 'model-not-loaded' } });
  });
});
