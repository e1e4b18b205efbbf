/** The sets that come with Sotto, held against the contract of a set, and against what they say of themselves. */
import { Validator, type Schema } from '@cfworker/json-schema';
import * as v from 'valibot';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { buildHaystack, type Filler } from '../../../src/lab/shipped/haystack';
import longContextFile from '../../../src/lab/shipped/long-context.json';
import { isShipped, loadShippedSet, shippedSets } from '../../../src/lab/shipped/shipped-sets';
import type { CaseSet, LabCase, PromptTurn } from '../../../src/shared/domain/lab/case-set';
import type { CheckKind } from '../../../src/shared/domain/lab/check';
import { FailureError } from '../../../src/shared/protocol/failure';

const text = v.pipe(v.string(), v.nonEmpty(), v.trim());
const wanted = v.optional(v.literal(true));
const flag = { not: wanted };
const count = v.pipe(v.number(), v.integer(), v.minValue(1));
const json = v.pipe(
  text,
  v.check((value) => typeof JSON.parse(value) === 'object'),
);
const pattern = v.pipe(
  text,
  v.check((value) => new RegExp(value).source !== ''),
);

/** Those that a set may use which has to come out the same everywhere, without another model and without a clock. */
const checkShape = v.variant('kind', [
  v.strictObject({ kind: v.literal('contains'), value: text, ignoresCase: wanted, ...flag }),
  v.strictObject({
    kind: v.picklist(['contains-any', 'contains-all']),
    values: v.pipe(
      v.array(v.pipe(v.string(), v.nonEmpty())),
      v.nonEmpty(),
      v.check((values) => new Set(values).size === values.length),
    ),
    ignoresCase: wanted,
    ...flag,
  }),
  v.strictObject({ kind: v.literal('starts-with'), value: text, ...flag }),
  v.strictObject({ kind: v.literal('regex'), pattern, flags: v.optional(v.literal('i')), ...flag }),
  v.strictObject({ kind: v.picklist(['is-json', 'contains-json']), schema: json, ...flag }),
  v.strictObject({ kind: v.literal('number'), value: v.number(), tolerance: v.optional(v.number()), ...flag }),
  v.strictObject({ kind: v.literal('choice'), letter: v.pipe(text, v.regex(/^[A-Z]$/)), ...flag }),
  v.strictObject({ kind: v.literal('language'), language: v.picklist(['en', 'zh']), ...flag }),
  v.strictObject({
    kind: v.literal('length'),
    unit: v.literal('words'),
    least: v.optional(count),
    most: v.optional(count),
    ...flag,
  }),
  v.strictObject({ kind: v.literal('refusal'), ...flag }),
  v.strictObject({ kind: v.literal('javascript'), code: text, ...flag }),
  v.strictObject({
    kind: v.literal('code'),
    function: v.pipe(text, v.regex(/^[a-z]\w*$/i)),
    calls: v.pipe(v.array(v.strictObject({ arguments: v.array(v.unknown()), result: v.unknown() })), v.minLength(2)),
    ...flag,
  }),
]);

const turnsShape = v.pipe(
  v.array(v.strictObject({ role: v.picklist(['system', 'user', 'assistant']), content: text })),
  v.check((turns) => turns.at(-1)?.role === 'user'),
);

const setShape = v.strictObject({
  id: v.pipe(text, v.regex(/^shipped:[a-z-]+$/)),
  name: text,
  about: text,
  prompt: turnsShape,
  checks: v.array(checkShape),
  cases: v.array(
    v.strictObject({
      id: v.pipe(text, v.regex(/^[a-z0-9-]+(?:\/[a-z0-9-]+)?$/)),
      category: text,
      variables: v.record(v.string(), text),
      turns: v.optional(turnsShape),
      checks: v.array(checkShape),
      reference: v.optional(text),
    }),
  ),
  settings: v.strictObject({
    temperature: v.literal(0),
    seed: v.literal(1),
    maxTokens: v.pipe(v.number(), v.integer(), v.minValue(256), v.maxValue(2048)),
    samples: v.literal(1),
    limitSeconds: v.pipe(v.number(), v.integer(), v.minValue(30), v.maxValue(300)),
  }),
  createdAt: v.literal(0),
  updatedAt: v.literal(0),
});

async function load(id: string): Promise<CaseSet> {
  const set = await loadShippedSet(id);
  if (!set) throw new Error(`no set ${id}`);
  return set;
}

const turnsOf = (set: CaseSet, { turns }: LabCase): readonly PromptTurn[] => turns ?? set.prompt;

const placeholders = (turns: readonly PromptTurn[]): readonly string[] => [
  ...new Set(turns.flatMap(({ content }) => [...content.matchAll(/\{\{(\w+)\}\}/g)].map(([, name = '']) => name))),
];

const filled = (set: CaseSet, one: LabCase): string =>
  turnsOf(set, one)
    .map(({ content }) => content.replace(/\{\{(\w+)\}\}/g, (_, name: string) => one.variables[name] ?? ''))
    .join('\n');

const ids = shippedSets.map(({ id }) => id);

describe.each(ids)('the set %s', (id) => {
  it('has the shape of a set, and nothing more', async () => {
    expect(v.safeParse(setShape, await load(id)).issues?.map((issue) => [v.getDotPath(issue), issue.message])).toBe(
      undefined,
    );
  });

  it('has as many cases as its list says, each with an id of its own and a check', async () => {
    const set = await load(id);
    expect(set.cases).toHaveLength(shippedSets.find((each) => each.id === id)?.caseCount ?? 0);
    if (id !== 'shipped:first-look') {
      expect(set.cases.length).toBeGreaterThanOrEqual(20);
      expect(set.cases.length).toBeLessThanOrEqual(40);
    }
    expect(new Set(set.cases.map((one) => one.id)).size).toBe(set.cases.length);
    for (const one of set.cases) expect([...set.checks, ...one.checks], one.id).not.toEqual([]);
  });

  it('asks each question once, and uses exactly the variables that its cases have', async () => {
    const set = await load(id);
    for (const one of set.cases)
      expect([...placeholders(turnsOf(set, one))].sort(), one.id).toEqual(Object.keys(one.variables).sort());
    expect(new Set(set.cases.map((one) => filled(set, one))).size).toBe(set.cases.length);
  });

  it('has schemas that a JSON Schema validator takes', async () => {
    for (const one of (await load(id)).cases)
      for (const check of one.checks)
        if ('schema' in check && check.schema !== undefined) {
          const validator = new Validator(JSON.parse(check.schema) as Schema, '2020-12', false);
          expect(validator.validate({ unheard: 'of' }).valid, one.id).toBe(false);
        }
  });
});

describe('the sets that come with Sotto', () => {
  it('have ids, names and descriptions of their own', () => {
    for (const of of [ids, shippedSets.map(({ name }) => name()), shippedSets.map(({ about }) => about())])
      expect(new Set(of).size).toBe(shippedSets.length);
    for (const { about } of shippedSets) expect(about()).toContain('Written for Sotto.');
  });

  it('say truly how many of their cases are in Chinese', async () => {
    for (const { id, about } of shippedSets) {
      const said = /(\d+) of (\d+) in Chinese/.exec(about());
      if (!said) continue;
      const { cases } = await load(id);
      expect([cases.filter(({ category }) => category === '中文').length, cases.length], id).toEqual([
        Number(said[1]),
        Number(said[2]),
      ]);
    }
  });

  it('are told from a person’s own, and from those that this version does not have', async () => {
    expect(isShipped('shipped:arithmetic')).toBe(true);
    expect(isShipped('shipped:unheard-of')).toBe(false);
    expect(await loadShippedSet('shipped:unheard-of')).toBeUndefined();
  });

  it('use every kind of check that needs no other model, no clock and no exact wording', async () => {
    const used = new Set<CheckKind>();
    for (const id of ids) for (const one of (await load(id)).cases) for (const { kind } of one.checks) used.add(kind);
    const left: readonly CheckKind[] = ['equals', 'levenshtein', 'latency', 'similar', 'rubric'];
    for (const kind of left) expect(used).not.toContain(kind);
    expect(used.size).toBe(14);
  });
});

describe('the first look', () => {
  it('asks what other sets ask, and checks it in the same way', async () => {
    const look = await load('shipped:first-look');
    for (const one of look.cases) {
      const [name = '', id = ''] = one.id.split('/');
      const from = await load(`shipped:${name}`);
      const original = from.cases.find((each) => each.id === id);
      if (!original) throw new Error(`no case ${one.id}`);
      expect(filled(look, one), one.id).toBe(filled(from, original));
      expect([...look.checks, ...one.checks], one.id).toEqual([...from.checks, ...original.checks]);
      expect(one.reference, one.id).toBe(original.reference);
    }
  });

  it('is short: questions of less than 600 characters', async () => {
    const look = await load('shipped:first-look');
    for (const one of look.cases) expect(filled(look, one).length, one.id).toBeLessThan(600);
  });
});

describe('the same question about different countries', () => {
  it('is held against the same checks', async () => {
    const { cases } = await load('shipped:refusals');
    for (const category of ['Criticism of a government', 'Violence in history', '对政府的批评', '历史上的暴力']) {
      const [first, ...others] = cases.filter((one) => one.category === category);
      expect(others.length, category).toBeGreaterThanOrEqual(3);
      for (const { checks, id } of others) expect(checks, id).toEqual(first?.checks);
    }
  });
});

describe('the long texts', () => {
  const haystacks = longContextFile.cases.map(({ id, haystack }) => ({ id, ...haystack }));
  const fillers: Readonly<Record<string, Filler>> = longContextFile.filler;

  it.each(haystacks)(
    'of $id have their length, each needle once, and no other sentence twice',
    async ({ id, ...hay }) => {
      const set = await load('shipped:long-context');
      const long = set.cases.find((one) => one.id === id)?.variables['text'] ?? '';
      const english = hay.language === 'en';
      const length = english ? long.split(/\s+/).length : long.replace(/\s/g, '').length;
      expect(length).toBeGreaterThanOrEqual(hay.length);
      expect(length).toBeLessThan(hay.length + 100);
      const sentences = long.split(english ? /(?<=\.)\s+(?=[A-Z])/ : /(?<=。)\s*/).filter(Boolean);
      expect(new Set(sentences).size).toBe(sentences.length);
      for (const { at, sentence } of hay.needles) {
        expect(long.split(sentence)).toHaveLength(2);
        expect(Math.abs(long.indexOf(sentence) / long.length - at)).toBeLessThan(0.06);
      }
    },
  );

  it('are the same every time, and of another seed other ones', () => {
    const filler = fillers['en'] ?? { openings: [], events: [] };
    const hay = { language: 'en', length: 200, seed: 1, needles: [{ at: 0, sentence: 'First.' }] } as const;
    expect(buildHaystack(filler, hay)).toBe(buildHaystack(filler, hay));
    expect(buildHaystack(filler, hay)).not.toBe(buildHaystack(filler, { ...hay, seed: 2 }));
    expect(buildHaystack(filler, hay)).toMatch(/^First\. /);
  });

  it('do not have the answer anywhere but in their needles', async () => {
    for (const one of (await load('shipped:long-context')).cases) {
      const needles = haystacks.find(({ id }) => id === one.id)?.needles ?? [];
      const rest = needles.reduce((left, { sentence }) => left.replace(sentence, ''), one.variables['text'] ?? '');
      for (const check of one.checks)
        if (check.kind === 'regex') expect(rest, one.id).not.toMatch(new RegExp(check.pattern, check.flags));
    }
  });

  it('fit into a window of 4,096 tokens, with the answer', async () => {
    const { cases, settings } = await load('shipped:long-context');
    for (const { id, variables } of cases) {
      const long = variables['text'] ?? '';
      // Tokenizers of small models take up to 1.5 tokens for an English word, and one for a Chinese character.
      const tokens = id.startsWith('zh-') ? long.length * 1.2 : long.split(/\s+/).length * 1.6;
      expect(tokens + settings.maxTokens + 200, id).toBeLessThan(4096);
    }
  });
});

describe('a set that cannot be loaded', () => {
  afterEach(() => {
    vi.doUnmock('../../../src/lab/shipped/arithmetic.json');
    vi.unstubAllGlobals();
    vi.resetModules();
  });

  it('fails in words, and comes when it is asked for again', async () => {
    vi.resetModules();
    vi.stubGlobal('fetch', () => Promise.reject(new TypeError('offline')));
    vi.doMock('../../../src/lab/shipped/arithmetic.json', () => {
      throw new Error('not there');
    });
    const { loadShippedSet: loadAgain } = await import('../../../src/lab/shipped/shipped-sets');
    const failure = await loadAgain('shipped:arithmetic').catch((error: unknown) => error);
    // Another copy of the class after the modules were reset.
    expect(failure).toMatchObject({ name: FailureError.name, failure: { kind: 'part-unreachable' } });
    vi.doUnmock('../../../src/lab/shipped/arithmetic.json');
    expect((await loadAgain('shipped:arithmetic'))?.cases).toHaveLength(40);
  });
});
