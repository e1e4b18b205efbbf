/** V11: what strangers bring. Nothing of it throws anything but a named failure, hangs, or gets anywhere it should not. */
import { beforeAll, describe, expect, it } from 'vitest';
import { FailureError } from '../../../src/shared/protocol/failure';
import type { BenchmarkResult } from '../../../src/benchmark/statistics/result';
import { deflate } from '../../../src/benchmark/formats/deflate';
import { toBase64Url } from '../../../src/shared/platform/base64';
import { forFile, ownJson } from '../../../src/benchmark/formats/own-result';
import { forLink, packLink, readLink } from '../../../src/benchmark/formats/link';
import { withText } from '../../../src/benchmark/formats/png-text';
import { readImportedFile, readImportedText, type Imported } from '../../../src/benchmark/formats/read-import';
import { decodeSeries } from '../../../src/benchmark/result/token-series';
import { mulberry32 } from '../../../workers/engine/seeded-random';
import { smallestPng } from '../../fixtures/smallest-png';
import { steady, VirtualClock, VirtualEngine } from '../../fixtures/virtual-engine';
import { virtualResult } from '../../fixtures/virtual-result';

let result: BenchmarkResult;
let json: string;
let link: string;
beforeAll(async () => {
  result = await virtualResult(new VirtualEngine(new VirtualClock(), steady(1000, 30)));
  json = ownJson(await forFile(result));
  link = await packLink(await forLink(result));
});

type Loose = Record<string, unknown>;
const partOf = (data: Loose, name: string): object => data[name] as object;
const testsOf = (data: Loose): Loose[] => data['tests'] as Loose[];

const failureOf = async (work: Promise<unknown>): Promise<FailureError['failure']> => {
  try {
    await work;
  } catch (error) {
    if (error instanceof FailureError) return error.failure;
    throw error;
  }
  throw new Error('nothing failed');
};
const changed = (change: (data: Loose) => void): string => {
  const data = JSON.parse(json) as Loose;
  change(data);
  return JSON.stringify(data);
};

describe('a result of somebody', () => {
  it('that was changed is told from one as it was made', async () => {
    const touched = changed((data) => Object.assign(partOf(data, 'model'), { name: 'Another model' }));
    expect(await readImportedText(touched)).toMatchObject({ kind: 'own', untouched: false });
  });

  it('cannot say other figures than its repetitions do', async () => {
    const boasting = changed((data) => {
      for (const test of testsOf(data))
        Object.assign(test, { median_ts: 9999, ci95_ts: [9998, 10_000], mean_ts: 9999 });
    });
    const read = (await readImportedText(boasting)) as Imported & { kind: 'own' };
    expect(read.result.tests.map(({ median_ts: rate }) => rate)).toEqual(
      result.tests.map(({ median_ts: rate }) => rate),
    );
  });

  it('cannot give itself a better grade than it deserves', async () => {
    const boasting = changed((data) => {
      Object.assign(data, { profile: 'standard', grade: { letter: 'A', reasons: [] } });
      Object.assign(partOf(data, 'correctness'), { pass: false });
    });
    const read = (await readImportedText(boasting)) as Imported & { kind: 'own' };
    expect(read.result.grade).toMatchObject({ letter: 'X', reasons: ['wrong-answer', 'few-repetitions'] });
  });

  it('of a newer layout is named', async () => {
    const newer = changed((data) => Object.assign(data, { schema: 'sotto-bench/2.3' }));
    expect(await failureOf(readImportedText(newer))).toMatchObject({
      kind: 'result-newer',
      subject: 'sotto-bench/2.3',
    });
    const minor = changed((data) => Object.assign(data, { schema: 'sotto-bench/1.7', addition: { of: 'later' } }));
    const read = (await readImportedText(minor)) as Imported & { kind: 'own' };
    expect(read.result).not.toHaveProperty('addition');
    const packed = await deflate(new TextEncoder().encode(JSON.stringify({ v: 9, 0: 'sotto-bench/1.0' })));
    expect(await failureOf(readLink(`r=${toBase64Url(packed)}`))).toMatchObject({ kind: 'result-newer' });
  });

  it.each<[string, (data: Loose) => void]>([
    ['without a part', (data) => void Reflect.deleteProperty(data, 'engine')],
    ['with a text where a number belongs', (data) => void Object.assign(data, { seconds: 'many' })],
    ['with a negative time', (data) => void Object.assign(data, { seconds: -1 })],
    ['with a profile that there is not', (data) => void Object.assign(data, { profile: 'turbo' })],
    ['with ten thousand tests', (data) => void Object.assign(data, { tests: Array(10_000).fill(testsOf(data)[0]) })],
    [
      'with a name as long as a book',
      (data) => void Object.assign(partOf(data, 'model'), { name: 'x'.repeat(100_000) }),
    ],
    ['with a test of another name', (data) => void Object.assign(testsOf(data)[0] ?? {}, { name: '<b>pp</b>' })],
    ['with a grade that there is not', (data) => void Object.assign(data, { grade: { letter: 'A+', reasons: [] } })],
    [
      'with a reason that there is not',
      (data) => void Object.assign(data, { grade: { letter: 'A', reasons: ['brilliant'] } }),
    ],
    ['with a list for an object', (data) => void Object.assign(data, { device: [] })],
  ])('%s is refused', async (_, change) => {
    expect((await failureOf(readImportedText(changed(change)))).kind).toBe('result-unreadable');
  });

  it('changes nothing outside of itself', async () => {
    const hostile = json.replace(
      '{',
      '{"__proto__": {"polluted": true}, "constructor": {"prototype": {"polluted": true}},',
    );
    await readImportedText(hostile);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });
});

describe('something else', () => {
  it.each([
    '',
    'hello',
    '{',
    '[]',
    '{}',
    'null',
    '[1, 2, 3]',
    '"text"',
    '| a | b |\n| - | - |\n',
    '{"schema": "sotto-bench/x"}',
    '{"schema": {"toString": 1}}',
    `${'['.repeat(50_000)}`,
    'build_commit,avg_ts\n"a","b"',
    'https://sotto.example/#/benchmark/r=',
    'https://sotto.example/#/benchmark/r=%%%',
    'https://sotto.example/#/benchmark/r=AAAA',
  ])('is refused by name: %j', async (text) => {
    expect((await failureOf(readImportedText(text))).kind).toBe('result-unreadable');
  });

  it('that PowerShell wrote, in UTF-16, is read like any other', async () => {
    const table = 'build_commit,model_type,n_prompt,n_gen,avg_ts\n"abc1234","qwen2 1B Q4_0","512","0","123.4"\n';
    const units = Uint16Array.from(`\ufeff${table}`, (character) => character.charCodeAt(0));
    expect(await readImportedFile(new Blob([units]))).toEqual(await readImportedText(table));
  });

  it('that is enormous is refused before it is looked at', async () => {
    const from = performance.now();
    expect((await failureOf(readImportedFile(new Blob([new Uint8Array(9 * 1024 ** 2)])))).kind).toBe(
      'result-unreadable',
    );
    expect((await failureOf(readImportedText(`{"a": "${'x'.repeat(9e6)}"}`))).kind).toBe('result-unreadable');
    expect((await failureOf(readLink(`r=${'A'.repeat(10 * 1024 ** 2)}`))).technical).toMatch(
      /a link of \d+ characters/,
    );
    expect(performance.now() - from).toBeLessThan(2000);
  });

  it('that unpacks to gigabytes is not unpacked', async () => {
    const bomb = await deflate(new Uint8Array(30 * 1024 ** 2));
    expect(bomb.length).toBeLessThan(40_000);
    expect((await failureOf(readLink(`r=${toBase64Url(bomb).slice(0, 23_990)}`))).kind).toBe('result-unreadable');
    const small = await deflate(new Uint8Array(2 * 1024 ** 2));
    expect((await failureOf(readLink(`r=${toBase64Url(small)}`))).technical).toContain('unpacks to more than');
    const { toBase64 } = await import('../../../src/shared/platform/base64');
    await expect(decodeSeries({ itl_us_b64: toBase64(bomb), itl_unit_us: 10 })).rejects.toThrow('unpacks to more than');
  });

  it('nested without end is refused', async () => {
    let nest: unknown = 1;
    for (let depth = 0; depth < 2000; depth += 1) nest = [nest];
    const packed = await deflate(new TextEncoder().encode(JSON.stringify({ v: 1, 1: nest })));
    expect((await failureOf(readLink(`r=${toBase64Url(packed)}`))).kind).toBe('result-unreadable');
  });

  it('that is a picture without a result, or with nonsense in it', async () => {
    expect((await failureOf(readImportedFile(new Blob([smallestPng])))).technical).toContain('without a result');
    expect((await failureOf(readImportedFile(new Blob([withText(smallestPng, '<script>')])))).kind).toBe(
      'result-unreadable',
    );
    for (let end = 8; end < smallestPng.length; end += 5)
      expect((await failureOf(readImportedFile(new Blob([smallestPng.slice(0, end)])))).kind).toBe('result-unreadable');
  });
});

describe('damage at random', () => {
  const outcome = async (work: Promise<unknown>): Promise<string> => {
    try {
      await work;
      return 'read';
    } catch (error) {
      // Anything but a named failure would be an error of the page.
      if (!(error instanceof FailureError)) throw error;
      return error.failure.kind;
    }
  };

  it('to the text of a result ends in a result or in a named failure', async () => {
    const random = mulberry32(1);
    const kinds = new Set<string>();
    for (let round = 0; round < 400; round += 1) {
      const at = Math.floor(random() * json.length);
      const mode = Math.floor(random() * 3);
      const strange = ['"', '}', '\u0000', '9e999', '\ud800', '-', 'null', '[[['][Math.floor(random() * 8)] ?? '';
      const text =
        mode === 0
          ? json.slice(0, at)
          : mode === 1
            ? json.slice(0, at) + strange + json.slice(at + 1)
            : json.slice(0, at) + strange + json.slice(at);
      kinds.add(await outcome(readImportedText(text)));
    }
    expect(kinds).toContain('result-unreadable');
  });

  it('to a link does, too', async () => {
    const random = mulberry32(2);
    for (let round = 0; round < 300; round += 1) {
      const at = 2 + Math.floor(random() * (link.length - 2));
      const letter = 'ABCxyz019-_%'[Math.floor(random() * 12)] ?? 'A';
      await outcome(readLink(round % 3 ? link.slice(0, at) + letter + link.slice(at + 1) : link.slice(0, at)));
    }
  });
});

describe('rows of llama-bench', () => {
  const older = `[{"build_commit":"8cf427ff","build_number":5163,"cpu_info":"AMD Ryzen 7 7800X3D","gpu_info":"NVIDIA GeForce RTX 4080","backends":"CUDA","model_filename":"models/Qwen2.5-7B-Instruct-Q4_K_M.gguf","model_type":"qwen2 7B Q4_K - Medium","model_size":4677120000,"n_threads":8,"flash_attn":false,"use_mmap":true,"n_prompt":512,"n_gen":0,"n_depth":0,"avg_ns":72135640,"avg_ts":7100.002165,"stddev_ts":140.341520,"samples_ns":[74601900,71632900],"samples_ts":[6863.1,7147.55]},{"backends":"CUDA","n_prompt":0,"n_gen":128,"avg_ts":118.88},{"n_prompt":512,"n_gen":128,"avg_ts":300}]`;

  it('are read from JSON of any version; combined tests are left out', async () => {
    const read = await readImportedText(older);
    expect(read).toMatchObject({
      kind: 'foreign',
      rows: [
        {
          shape: { kind: 'pp', tokens: 512, depth: 0 },
          model: 'qwen2 7B Q4_K - Medium',
          device: 'NVIDIA GeForce RTX 4080',
          rate: 7100.002165,
          samples: [6863.1, 7147.55],
          build: '8cf427ff',
        },
        { shape: { kind: 'tg', tokens: 128, depth: 0 }, rate: 118.88, spread: null, samples: [] },
      ],
    });
    const lines = (JSON.parse(older) as object[]).map((row) => JSON.stringify(row)).join('\n');
    expect(await readImportedText(lines)).toEqual(read);
  });

  it('are read from CSV', async () => {
    const csv =
      'build_commit,backends,model_type,n_prompt,n_gen,n_depth,avg_ts,stddev_ts\n"8cf427ff","CUDA","a ""quoted"", name","0","128","512","119.915244","0.430617"\n';
    expect(await readImportedText(csv)).toMatchObject({
      rows: [
        {
          shape: { kind: 'tg', tokens: 128, depth: 512 },
          model: 'a "quoted", name',
          rate: 119.915244,
          spread: 0.430617,
          decimals: 2,
        },
      ],
    });
  });

  it('are read from Markdown, as older and newer versions write it', async () => {
    const md = [
      '| model                          |       size |     params | backend    | ngl | test       |              t/s |',
      '| ------------------------------ | ---------: | ---------: | ---------- | --: | ---------- | ---------------: |',
      '| llama 7B mostly Q4_0           |   3.56 GiB |     6.74 B | CUDA       |  -1 | tg 128     |    132.19 ± 0.55 |',
      '| qwen2 7B Q4_K - Medium         |   4.36 GiB |     7.62 B | CUDA       |  -1 |    pp512 @ d512 |      6425.91 ± 18.88 |',
      '| broken | row |',
      '',
      'build: 8cf427ff (5163)',
    ].join('\n');
    expect(await readImportedText(md)).toMatchObject({
      rows: [
        { shape: { kind: 'tg', tokens: 128, depth: 0 }, rate: 132.19, spread: 0.55, decimals: 2, build: '8cf427ff' },
        { shape: { kind: 'pp', tokens: 512, depth: 512 }, rate: 6425.91 },
      ],
    });
  });

  it('with hostile names are made harmless, and there are not endlessly many', async () => {
    const row = {
      model_type: `\u202e<img src=x onerror=alert(1)>\n${'x'.repeat(1e5)}`,
      n_prompt: 512,
      n_gen: 0,
      avg_ts: 5,
      samples_ts: ['NaN', null, 5, -1],
    };
    const read = await readImportedText(
      JSON.stringify(Array(5000).fill({ ...row, model_type: row.model_type.slice(0, 500) })),
    );
    if (read.kind !== 'foreign') throw new Error('not foreign');
    expect(read.rows).toHaveLength(1000);
    expect(read.rows[0]?.model).toMatch(/^<img src=x onerror=alert\(1\)> x+$/);
    expect(read.rows[0]?.model.length).toBeLessThanOrEqual(120);
    expect(read.rows[0]?.samples).toEqual([5]);
  });
});
