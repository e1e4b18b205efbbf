import { describe, expect, it } from 'vitest';
import type { BenchmarkResult } from '../../../src/benchmark/statistics/result';
import { cohortOf, compareResults, deviceClassOf } from '../../../src/benchmark/history/cohort';
import { nativeRatios } from '../../../src/benchmark/result/native-ratios';
import { engineParts } from '../../../src/benchmark/result/describe';
import { identify } from '../../../src/benchmark/result/this-browser';
import { knownAnswerOf } from '../../../src/benchmark/run/known-answers';
import { judge } from '../../../workers/benchmark/known-answer';
import { guide } from '../../../src/models/shelf/guide';
import guideAnswers from '../../fixtures/guide-known-answers.json';
import { steady, VirtualClock, VirtualEngine } from '../../fixtures/virtual-engine';
import { virtualResult } from '../../fixtures/virtual-result';

const resultAt = (rate: number): Promise<BenchmarkResult> =>
  virtualResult(new VirtualEngine(new VirtualClock(), steady(1000, rate), { answer: ['It is so.'] }));

describe('two runs', () => {
  it('are compared test by test, and may be called neither faster nor slower', async () => {
    const [a, b, c] = [await resultAt(30), await resultAt(31), await resultAt(60)];
    const close = compareResults(a, b, [a, b]);
    expect(close.tests.map(({ name, difference }) => [name, difference?.verdict])).toEqual([
      ['pp128', 'cannot-tell'],
      ['tg64', 'cannot-tell'],
    ]);
    expect(compareResults(a, c, []).tests[1]?.difference).toMatchObject({
      verdict: 'faster',
      ratio: expect.closeTo(2, 2),
    });
  });

  it('by other definitions stand side by side, without a ratio', async () => {
    const a = await resultAt(30);
    const compared = compareResults({ ...a, suite: '2.0.0' }, a, []);
    expect(compared.sameDefinition).toBe(false);
    expect(compared.tests.every(({ difference }) => difference === null)).toBe(true);
  });

  it('are of one cohort only when everything that matters is the same', async () => {
    const a = await resultAt(30);
    const [test] = a.tests;
    if (!test) throw new Error('no test');
    const other: BenchmarkResult[] = [
      { ...a, suite: '2.0.0' },
      { ...a, model: { ...a.model, sha256: 'cd'.repeat(32) } },
      { ...a, engine: { ...a.engine, version: '3.9.0' } },
      { ...a, engine: { ...a.engine, threads: 2 } },
      { ...a, engine: { ...a.engine, backend_effective: 'webgpu' } },
      { ...a, device: { ...a.device, browser_major: 999 } },
      { ...a, device: { ...a.device, local_id: 'another' } },
    ];
    for (const changed of other) expect(cohortOf(changed, test)).not.toBe(cohortOf(a, test));
    expect(cohortOf({ ...a, suite: '1.7.3', id: 'x', started: 'later' }, test)).toBe(cohortOf(a, test));
  });

  it('on a device of its kind', async () => {
    const a = await resultAt(30);
    const battery = (charging: boolean, level0: number): BenchmarkResult => ({
      ...a,
      env: { ...a.env, battery: { charging, level0, level1: level0 } },
    });
    expect(deviceClassOf(battery(true, 1))).toBe('desktop');
    expect(deviceClassOf(battery(false, 0.8))).toBe('laptop');
    expect(deviceClassOf(a), 'a browser that tells of no battery').toBe('laptop');
    expect(deviceClassOf({ ...a, device: { ...a.device, mobile: true } })).toBe('phone');
  });
});

it('the ratio to native has the interval of both', async () => {
  const a = await resultAt(30);
  const row = {
    source: 'llama-bench',
    shape: { kind: 'tg', tokens: 64, depth: 0 },
    model: '',
    file: '',
    backend: 'CPU',
    device: '',
    threads: 1,
    build: '',
    rate: 120,
    spread: 6,
    decimals: 0,
    samples: [114, 126, 120, 114, 126],
  } as const;
  const [ratio] = nativeRatios(a, [row, { ...row, shape: { kind: 'pp', tokens: 4096, depth: 0 } }]);
  expect(ratio).toMatchObject({ name: 'tg64', native: 120, ratio: expect.closeTo(0.25, 3) });
  expect(ratio?.low).toBeLessThan(0.245);
  expect(ratio?.high).toBeGreaterThan(0.255);
  expect(nativeRatios(a, [{ ...row, samples: [], spread: null }])[0]).toMatchObject({ low: null, high: null });
});

describe('what names itself', () => {
  it.each([
    ['wllama 3.8.1 (llama.cpp b11364-46ca246)', { name: 'wllama', version: '3.8.1', core: 'llama.cpp b11364-46ca246' }],
    ['web-llm 0.2.86', { name: 'web-llm', version: '0.2.86', core: '' }],
    ['scripted', { name: 'scripted', version: '', core: '' }],
  ])('is taken apart into name, version and core, if it is an engine: %s', (text, parts) =>
    expect(engineParts(text)).toEqual(parts),
  );

  it.each([
    [
      'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.2 Safari/605.1.15',
      undefined,
      { browser: 'Safari', major: 18, os: 'macOS' },
    ],
    [
      'Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0',
      undefined,
      { browser: 'Firefox', major: 133, os: 'Linux' },
    ],
    [
      'Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/156.0.0.0 Safari/537.36 Edg/156.0.0.0',
      undefined,
      { browser: 'Edge', major: 156, os: 'Windows' },
    ],
    [
      '',
      {
        brands: [
          { brand: 'Not=A?Brand', version: '8' },
          { brand: 'Chromium', version: '156' },
          { brand: 'Google Chrome', version: '156' },
        ],
        platform: 'Android',
      },
      { browser: 'Google Chrome', major: 156, os: 'Android' },
    ],
    ['something else', undefined, { browser: 'unknown', major: 0, os: 'unknown' }],
  ])('is read from hints before the user agent, if it is a browser: case %#', (userAgent, hints, identity) =>
    expect(identify(userAgent, hints)).toEqual(identity),
  );
});

describe('a known answer', () => {
  it('of the Guide is the one that it was recorded with', () => {
    const known = knownAnswerOf(guide.id);
    expect(known.turns[0]?.content).toBe('What is Sotto?');
    expect(guideAnswers.answers['What is Sotto?']).toBe(known.begins);
  });

  it('of other models is to be found in what they say, whatever else they say', () => {
    const known = knownAnswerOf('qwen');
    const says = (text: string): boolean => judge(known, text.split(/(?<= )/)).right;
    expect(says('<think> France has one capital. </think> **Paris**')).toBe(true);
    expect(says('巴黎')).toBe(true);
    for (const wrong of ['London', '', '   ', 'Paris '.repeat(30)]) expect(says(wrong), wrong).toBe(false);
  });

  it('needs eight tokens as they should be, or all of a shorter one', () => {
    const known = { id: 'x', turns: [], maxTokens: 20, begins: 'a b c d e f g h i j' };
    const tokens = 'a b c d e f g h i j'.split(/(?<= )/);
    expect(judge(known, tokens)).toMatchObject({ right: true, matched: 10 });
    expect(judge(known, [...tokens.slice(0, 8), 'x ', 'y'])).toMatchObject({ right: true, matched: 8 });
    expect(judge(known, [...tokens.slice(0, 7), 'x '])).toMatchObject({ right: false, matched: 7 });
    expect(judge({ ...known, begins: 'Yes.' }, ['Yes', '.'])).toMatchObject({ right: true, matched: 2 });
  });
});
