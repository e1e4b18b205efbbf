/** What nobody should bring, and somebody will. It ends in words, soon, and changes nothing. */
import { describe, expect, it } from 'vitest';
import { mostSetBytes, mostYamlBytes } from '../../../workers/set-files/set-draft';
import { mostCases } from '../../../src/shared/domain/lab/case-set';
import { readSet } from '../../../workers/set-files/read-set';
import { caseHash } from '../../../src/lab/set/set-hash';
import { FailureError, type Failure } from '../../../src/shared/protocol/failure';
import { mulberry32 } from '../../../workers/engine/seeded-random';
import { anyText } from './any-set';

/** In ms. What takes for ever takes hours; a busy machine takes ten times as long as an idle one. */
const patience = 120_000;

async function failureOf(name: string, content: string | Uint8Array): Promise<Failure> {
  try {
    await readSet(name, content);
  } catch (error) {
    if (error instanceof FailureError) return error.failure;
    throw error;
  }
  throw new Error('nothing failed');
}

const rows = (count: number): string =>
  `q,__expected\n${Array.from({ length: count }, (_, index) => `question ${index},"contains:${index}"\n`).join('')}`;

describe('a set of many cases', { timeout: patience }, () => {
  it('is read whole at the limit, in a few seconds', async () => {
    const text = rows(mostCases);
    const started = performance.now();
    const { sets, notes } = await readSet('many.csv', text);
    const took = performance.now() - started;
    expect(sets[0].cases).toHaveLength(mostCases);
    expect(sets[0].cases.at(-1)?.variables).toEqual({ q: `question ${mostCases - 1}` });
    expect(notes).toHaveLength(1);
    expect(await caseHash(sets[0])).toHaveLength(64);
    expect(took).toBeLessThan(30_000);
  });

  it('is refused above it, in each format', async () => {
    expect(await failureOf('many.csv', rows(mostCases + 1))).toMatchObject({
      kind: 'lab-set-too-large',
      subject: 'many.csv',
    });
    const lines = 'a question\n'.repeat(mostCases + 1);
    expect(await failureOf('', lines)).toMatchObject({ kind: 'lab-set-too-large' });
    expect(await failureOf('x.jsonl', '{"q":"a"}\n'.repeat(mostCases + 1))).toMatchObject({
      kind: 'lab-set-too-large',
    });
    const lists = Array.from({ length: 20 }, (_, index) => `    v${index}: [a, b]`).join('\n');
    expect(await failureOf('x.yaml', `prompts: ['{{v1}}']\ntests:\n- vars:\n${lists}\n`)).toMatchObject({
      kind: 'lab-set-too-large',
      subject: 'x.yaml',
    });
  });

  it('is refused before many tests with many lists fill the memory, or many names take for ever', async () => {
    const vars = Array.from({ length: 15 }, (_, index) => `v${index}: [a, b]`).join(', ');
    const tests = `- vars: {${vars}}\n`.repeat(2000);
    expect((await failureOf('x.yaml', `prompts: ['{{v1}}']\ntests:\n${tests}`)).kind).toBe('lab-set-too-large');
    expect(await failureOf('x.csv', `${'q,'.repeat(100_000)}q\na`)).toMatchObject({
      kind: 'lab-set-too-large',
      subject: 'x.csv',
    });
    const names = Array.from({ length: 30_000 }, (_, index) => `{"q${index}":"a"}`).join('\n');
    expect((await failureOf('x.jsonl', names)).kind).toBe('lab-set-too-large');
    const stars = await readSet('x.yaml', `prompts: ["${'*'.repeat(500_000)} x"]\ntests: [{vars: {q: a}}]`);
    expect(stars.sets).toHaveLength(1);
  });

  it('has one note for what each row asks for', async () => {
    const text = `q,__metric\n${'a,b\n'.repeat(5000)}`;
    const { notes } = await readSet('a.csv', text);
    expect(notes[0]).toMatchObject({ kind: 'field-ignored', count: 5000 });
    expect(notes[0]?.places).toHaveLength(20);
    const different = Array.from({ length: 3000 }, (_, index) => `a,contains:{{v${index}}}`).join('\n');
    const many = await readSet('a.csv', `q,__expected\n${different}`);
    expect(many.notes.length).toBeLessThan(510);
    expect(many.notes.reduce((sum, { count }) => sum + count, 0)).toBe(3001);
  });
});

describe('a file that is too large', { timeout: patience }, () => {
  it('is refused before anything of it is looked at', async () => {
    const started = performance.now();
    const cell = new Uint8Array(100 * 1024 ** 2).fill(97);
    expect(await failureOf('cell.csv', cell)).toMatchObject({ kind: 'lab-set-too-large', subject: 'cell.csv' });
    expect(performance.now() - started).toBeLessThan(30_000);
    expect((await failureOf('', 'a'.repeat(mostSetBytes + 1))).kind).toBe('lab-set-too-large');
    expect((await failureOf('a.yaml', `tests: "${'a'.repeat(mostYamlBytes)}"`)).kind).toBe('lab-set-too-large');
  });

  it('is refused when it is nothing but commas or line ends', async () => {
    expect((await failureOf('a.csv', ','.repeat(10_000_000))).kind).toBe('lab-set-too-large');
    expect((await failureOf('a.csv', `q${'\n'.repeat(5_000_000)}`)).kind).toBe('lab-set-too-large');
    expect((await failureOf('a.txt', '\n'.repeat(5_000_000))).kind).toBe('lab-set-too-large');
  });
});

describe('a file that cannot be read', { timeout: patience }, () => {
  it.each([
    ['empty', 'a.csv', ''],
    ['a header alone', 'a.csv', 'q,__expected\n'],
    ['blank lines', '', '\n \n'],
    ['no configuration', 'a.yaml', 'just: this'],
    ['no tests', 'a.yaml', "prompts: ['a']"],
    ['two documents', 'a.yaml', 'tests: []\n---\ntests: []'],
    ['a type of a program', 'a.yaml', 'tests: [{vars: {q: !!js/function "x"}}]'],
    ['a repeated key', 'a.yaml', 'tests: []\ntests: []'],
    ['lines that are no JSON', 'a.jsonl', 'a\nb'],
    ['a list of numbers', 'a.json', '[1,2,3]'],
    ['a word', 'a.json', '"text"'],
  ])('with %s', async (_, name, text) => {
    expect(await failureOf(name, text)).toMatchObject({ kind: 'lab-set-unreadable' });
  });

  it('is named with the row or line of the fault', async () => {
    expect(await failureOf('a.csv', 'q,r\na,b\n"c,d\ne,f\n')).toMatchObject({ subject: 'a.csv:3' });
    expect(await failureOf('a.yaml', 'tests:\n  - vars: {q: a}\n  - vars: [\n')).toMatchObject({ subject: 'a.yaml:4' });
    expect((await failureOf('', '')).subject).toBeUndefined();
  });

  it('with bytes of another encoding, until the person names it', async () => {
    const gb = new Uint8Array([0x71, 0x0a, 0xc4, 0xe3, 0xba, 0xc3]);
    expect(await failureOf('a.csv', gb)).toMatchObject({ kind: 'lab-set-unreadable' });
    const { sets } = await readSet('a.csv', gb, { encoding: 'gb18030' });
    expect(sets[0].cases[0]?.variables).toEqual({ q: '你好' });
    const utf16 = new Uint8Array([...'q\nabc\n'].flatMap((letter) => [letter.charCodeAt(0), 0]));
    expect(await failureOf('a.csv', utf16)).toMatchObject({ kind: 'lab-set-unreadable' });
  });

  it('of a newer version of ours', async () => {
    const text = '{"format":"sotto-lab-set","version":2,"name":"x"}';
    expect(await failureOf('a.jsonl', text)).toMatchObject({ kind: 'lab-set-newer', subject: 'a.jsonl' });
  });

  it('whose aliases would fill the memory', async () => {
    const bomb = ['a: &a [x, x, x, x, x, x, x, x, x]'];
    for (const [index, letter] of [...'bcdefghi'].entries()) {
      const before = 'abcdefgh'[index] ?? '';
      bomb.push(`${letter}: &${letter} [${Array.from({ length: 9 }, () => `*${before}`).join(', ')}]`);
    }
    const started = performance.now();
    expect((await failureOf('a.yaml', `${bomb.join('\n')}\ntests: *i`)).kind).toBe('lab-set-unreadable');
    expect((await failureOf('a.yaml', 'tests: &a [*a, *a]')).kind).toBe('lab-set-unreadable');
    expect(performance.now() - started).toBeLessThan(30_000);
  });

  it('that is nested deeper than anything real', async () => {
    const deep = `${'['.repeat(200_000)}${']'.repeat(200_000)}`;
    expect((await failureOf('a.json', deep)).kind).toBe('lab-set-unreadable');
    expect((await failureOf('a.jsonl', `{"vars":${deep}}`)).kind).toBe('lab-set-unreadable');
    expect((await failureOf('a.yaml', `tests: ${deep.slice(0, 20_000)}`)).kind).toBe('lab-set-unreadable');
  });
});

describe('any text at all', { timeout: patience }, () => {
  it('is a set or a failure of a kind that has words', async () => {
    const random = mulberry32(99);
    const names = ['a.csv', 'a.jsonl', 'a.json', 'a.yaml', 'a.txt', ''];
    const starts = [
      '',
      'q,__expected\n',
      'tests:\n  - vars: ',
      '{"vars":',
      '[{"input":',
      'prompts: ',
      '"',
      '{"format":"sotto-lab-set","version":1}\n{',
    ];
    let sets = 0;
    for (let round = 0; round < 1500; round += 1) {
      const text = (starts[round % starts.length] ?? '') + anyText(random, 20);
      try {
        await readSet(names[round % names.length] ?? '', text);
        sets += 1;
      } catch (error) {
        expect(error, text).toBeInstanceOf(FailureError);
        expect((error as FailureError).failure.kind).toMatch(/^lab-set-/);
      }
    }
    expect(sets).toBeGreaterThan(100);
  });
});
