/** V8: every check fires, for the right reason, and none of them without one. */
import { describe, expect, it } from 'vitest';
import { headlineTests } from '../../../src/benchmark/result/grade-result';
import type { LoadedModel } from '../../../src/shared/protocol/engine';
import type { BenchmarkResult } from '../../../src/benchmark/statistics/result';
import { letterFor } from '../../../src/shared/domain/benchmark/reasons';
import { tagsOf, type Measured } from '../../../src/shared/domain/benchmark/validity';
import { ReportedPage } from '../../../workers/benchmark/reported-page';
import { normals } from '../../fixtures/noise';
import { planOf } from '../../fixtures/profile-plan';
import { steady, steadyMemory, VirtualClock, VirtualEngine, type VirtualFaults } from '../../fixtures/virtual-engine';
import { virtualModel, virtualResult, type VirtualResultOptions } from '../../fixtures/virtual-result';
import { devices } from '../../fixtures/devices';

const engineWith = (faults: VirtualFaults = {}, clock = new VirtualClock()): VirtualEngine =>
  new VirtualEngine(clock, steady(1000, 30), { answer: ['It ', 'is ', 'so.'], ...faults });
const standard: VirtualResultOptions = { plan: planOf('standard'), profile: 'standard' };
const run = (faults: VirtualFaults = {}, options: VirtualResultOptions = {}): Promise<BenchmarkResult> =>
  virtualResult(engineWith(faults), { ...standard, ...options });
const reasonsOf = async (faults: VirtualFaults, options: VirtualResultOptions = {}): Promise<readonly string[]> =>
  (await run(faults, options)).grade.reasons;
const repsOf = ({ tests }: BenchmarkResult) => tests.flatMap(({ reps }) => reps);

describe('a clean run', () => {
  it('has grade A and nothing against it', async () => {
    expect((await run()).grade).toEqual({ letter: 'A', reasons: [] });
  });

  it('is graded B as a Quick one', async () => {
    expect((await virtualResult(engineWith())).grade).toEqual({ letter: 'B', reasons: ['quick-profile'] });
  });

  it('gives no false alarm in fifty runs with the noise of a quiet device', async () => {
    for (let seed = 0; seed < 50; seed += 1) {
      const noise = normals(seed);
      const clock = new VirtualClock();
      let call = 0;
      let factor = 1;
      const perCall = (now: number): number => {
        if (now !== call) factor = Math.exp(0.008 * noise());
        call = now;
        return factor;
      };
      const engine = new VirtualEngine(
        clock,
        {
          promptMs: (tokens, _, now) => tokens * perCall(now),
          tokenMs: (_, now) => 33 * perCall(now) * Math.exp(0.02 * noise()),
        },
        { answer: ['It ', 'is ', 'so.'] },
      );
      const memory = steadyMemory(clock, () => 20 * Math.exp(0.005 * noise()));
      const canary = (): number => {
        const took = 20 * (1 + 0.01 * Math.abs(noise()));
        clock.advance(took);
        return took;
      };
      const result = await virtualResult(engine, { ...standard, parts: { memory, canary } });
      expect(result.grade, `seed ${seed}`).toEqual({ letter: 'A', reasons: [] });
      expect(repsOf(result).flatMap(({ reasons, tags }) => [...reasons, ...tags])).toEqual([]);
    }
  });
});

describe('a repetition does not count', () => {
  it.each<[string, VirtualFaults, string]>([
    ['when a part of its prompt came from the cache', { cachedTokens: 40 }, 'cache-hit'],
    ['when the model ended its answer', { endsAfter: 40 }, 'ended-early'],
    ['when the depth is another one', { depthError: 7 }, 'depth-wrong'],
  ])('%s', async (_, faults, cause) => {
    const reasons = repsOf(await run(faults)).flatMap((rep) => rep.reasons);
    expect(new Set(reasons)).toEqual(new Set([cause]));
  });

  it('when the clock of the day and the clock of the worker part in the middle', async () => {
    for (const shift of [3_600_000, -3_600_000]) {
      const clock = new VirtualClock();
      let calls = 0;
      const engine = new VirtualEngine(
        clock,
        {
          promptMs: (tokens) => tokens,
          tokenMs: () => {
            calls += 1;
            if (calls === 900) clock.wallOffset += shift;
            return 33;
          },
        },
        { answer: ['It ', 'is ', 'so.'] },
      );
      const result = await virtualResult(engine, standard);
      expect(repsOf(result).flatMap(({ reasons }) => reasons)).toEqual(['clock-jump']);
      expect(result.grade.letter, 'measured anew').toBe('A');
    }
  });

  it('when the clock goes back in the middle', async () => {
    const clock = new VirtualClock();
    const engine = engineWith(
      {
        onCall: (call) => {
          if (call === 24) clock.advance(-60_000);
        },
      },
      clock,
    );
    const result = await virtualResult(engine, standard);
    expect(repsOf(result).flatMap(({ reasons }) => reasons)).toContain('clock-backwards');
  });

  it('when the page was hidden in the middle, as the worker saw it', async () => {
    const page = new ReportedPage();
    const result = await run(
      {
        onCall: (call) => {
          if (call !== 25) return;
          page.update({ visible: false, pressed: false });
          page.update({ visible: true, pressed: false });
        },
      },
      { parts: { page } },
    );
    expect(repsOf(result).filter(({ reasons }) => reasons.includes('hidden'))).toHaveLength(1);
    expect(result.grade.letter).toBe('A');
  });

  it('when the page was hidden or frozen in the middle, as the page saw it', async () => {
    for (const kind of ['hidden', 'frozen'] as const) {
      const before = await run();
      const at = (before.tests[0]?.reps[2]?.t_start ?? 0) * 1000 + 1000;
      const result = await run({}, { observations: { disturbances: [{ kind, from: at + 1, to: at + 2 }] } });
      expect(result.tests[0]?.reps.map(({ valid, reasons }) => [valid, ...reasons])).toContainEqual([false, kind]);
      expect(result.tests[0]?.reps.filter(({ valid }) => valid)).toHaveLength(4);
    }
  });

  it('when it was faster than the prompt can be read', async () => {
    const clock = new VirtualClock();
    // Every other prompt takes no time: something has kept it.
    const engine = new VirtualEngine(
      clock,
      { promptMs: (tokens, _, call) => (call > 22 && call % 2 ? 1 : tokens), tokenMs: () => 33 },
      { answer: ['It ', 'is ', 'so.'] },
    );
    const result = await virtualResult(engine, standard);
    const fast = repsOf(result).filter(({ ts }) => (ts ?? 0) > 10_000);
    expect(fast.length).toBeGreaterThan(0);
    for (const rep of fast) expect(rep).toMatchObject({ valid: false, reasons: ['too-fast'] });
  });

  it('and never makes a rate of its own', async () => {
    const result = await run({ endsAfter: 40 });
    const ended = result.tests.find(({ name }) => name === 'tg128');
    expect(ended).toMatchObject({ median_ts: null, ci95_ts: null, skipped: 'ended-early' });
    expect(ended?.reps).toHaveLength(3);
  });
});

describe('the grade says', () => {
  const slowed = (clock: VirtualClock, factor: (at: number) => number): VirtualEngine =>
    new VirtualEngine(
      clock,
      { promptMs: (tokens, at) => tokens * factor(at), tokenMs: (at) => 33 * factor(at) },
      { answer: ['It ', 'is ', 'so.'] },
    );

  it.each<[string, VirtualResultOptions, string]>([
    ['on-battery', { observations: { battery: { charging: false, before: 0.9, after: 0.9 } } }, 'B'],
    ['battery-low', { observations: { battery: { charging: false, before: 0.1, after: 0.1 } } }, 'B'],
    ['power-saver', { observations: { frameMs: 33.3 } }, 'B'],
    ['busy-at-start', { observations: { busyAtStart: true } }, 'B'],
    ['model-deleted', { observations: { modelDeleted: true } }, 'A'],
    ['not-isolated', { isolated: false }, 'B'],
    [
      'software-gpu',
      {
        loaded: { engine: 'webllm', backend: 'webgpu' },
        facts: {
          device: {
            ...devices['gaming PC'],
            webgpu: { ...(devices['gaming PC'].webgpu as object), available: true, software: true } as never,
          },
        },
      },
      'C',
    ],
    ['other-backend', { loaded: { engine: 'webllm', backend: 'cpu' } }, 'C'],
    ['stopped', { facts: { ended: { how: 'stopped' } } }, 'C'],
    ['interrupted', { facts: { ended: { how: 'interrupted' } } }, 'C'],
    ['broke-off', { facts: { ended: { how: 'broke-off', failure: { kind: 'engine-crashed', technical: '' } } } }, 'C'],
  ])('why a run is not like others, and lowers it as that deserves: %s', async (reason, options, letter) => {
    const { grade } = await run({}, options);
    expect(grade.reasons).toContain(reason);
    expect(letterFor([reason as never])).toBe(letter);
  });

  it('nothing of a battery that a phone runs on, as it is meant to', async () => {
    const { grade, env } = await run(
      {},
      {
        observations: { battery: { charging: false, before: 0.9, after: 0.9 } },
        facts: { device: devices['phone without WebGPU'] },
      },
    );
    expect(grade.reasons).toEqual([]);
    expect(env.battery).toMatchObject({ charging: false });
  });

  it.each([
    [0.1, []],
    [0.2, ['timer-coarse']],
    [2, ['timer-very-coarse']],
  ] as const)('what a clock with steps of %d ms is worth', async (step, reasons) => {
    const result = await virtualResult(engineWith({}, new VirtualClock(step)), standard);
    expect(result.grade.reasons).toEqual(reasons);
    const figures = result.tests.find(({ name }) => name === 'tg128')?.itl;
    expect(figures?.p95 === null).toBe(step > 1);
  });

  it('that the answer was wrong, and then nothing else matters', async () => {
    const result = await run({ answer: ['Banana ', 'banana.'] });
    expect(result.grade).toMatchObject({ letter: 'X', reasons: expect.arrayContaining(['wrong-answer']) });
    expect(result.correctness).toMatchObject({ pass: false, prefix_match: 0 });
    expect(await reasonsOf({ answer: Array<string>(30).fill('a') })).toContain('wrong-answer');
    expect(await reasonsOf({ answer: [''] })).toContain('wrong-answer');
    expect(await reasonsOf({}, { plan: planOf('standard', { knownAnswer: null }) })).toEqual(['answer-unchecked']);
  });

  it('how far the engine’s own clock is from ours', async () => {
    expect(await reasonsOf({ ownClock: 1.02 })).toEqual([]);
    expect(await reasonsOf({ ownClock: 1.05 })).toEqual(['engine-disagrees']);
    expect(await reasonsOf({ ownClock: 0.8 })).toEqual(['engine-disagrees-much']);
    expect(await reasonsOf({ countsMore: 5 })).toEqual(['count-mismatch']);
  });

  it('the same of a repetition and of the whole: what the way to the engine takes is no disagreement of either', () => {
    // 5 ms of 60: more than 3 %, and no more than a message takes to come and go.
    const rep: Measured = {
      shape: { kind: 'pp', tokens: 512, depth: 0 },
      order: 0,
      warmUp: false,
      requestedAt: 0,
      stamps: [65],
      chunkTokens: null,
      endedAt: 65,
      generated: 0,
      wanted: 0,
      promptTokens: 512,
      cachedTokens: 0,
      engine: { promptTokens: 512, promptMs: 60, generatedTokens: 1, intervals: 0, decodeMs: 0 },
      canaryMs: 1,
      pressed: false,
    };
    expect(tagsOf(rep, 1)).toEqual([]);
    const farOff = { ...rep, stamps: [80], endedAt: 80 };
    expect(tagsOf(farOff, 1)).toEqual(['engine-disagrees']);
  });

  it('that tokens came in chunks, which allow no percentiles', async () => {
    const result = await run({ tokensPerChunk: 4 });
    expect(
      repsOf(result)
        .filter(({ itl_us_b64 }) => itl_us_b64)
        .every(({ tags }) => tags.includes('chunked')),
    ).toBe(true);
    expect(result.tests.find(({ name }) => name === 'tg128')).toMatchObject({ itl: { p95: null, p99: null } });
    // The rate is not harmed: tokens are counted, not chunks.
    expect(result.tests.find(({ name }) => name === 'tg128')?.median_ts).toBeCloseTo(30, 1);
  });

  it('that the device became slower in the course of the run', async () => {
    const clock = new VirtualClock();
    const result = await virtualResult(
      slowed(clock, (at) => 1 + at / 1_000_000),
      standard,
    );
    expect(result.grade).toMatchObject({ letter: 'C', reasons: expect.arrayContaining(['drift']) });
  });

  it('that memory became slower', async () => {
    const clock = new VirtualClock();
    const engine = engineWith({}, clock);
    const memory = steadyMemory(clock, (at) => (at > 150_000 ? 17 : 20));
    expect((await virtualResult(engine, { ...standard, parts: { memory } })).grade.reasons).toContain('throttled');
  });

  it('that others wanted the CPU, or the device was under pressure', async () => {
    let call = 0;
    const canary = (): number => ((call += 1) % 3 === 0 ? 26 : 20);
    expect(await reasonsOf({}, { parts: { canary } })).toEqual(['contention']);
    const page = new ReportedPage();
    page.update({ visible: true, pressed: true });
    expect(await reasonsOf({}, { parts: { page } })).toEqual(['pressure']);
  });

  it('that a token took more than a second', async () => {
    let tokens = 0;
    const clock = new VirtualClock();
    const engine = new VirtualEngine(
      clock,
      { promptMs: (count) => count, tokenMs: () => ((tokens += 1) === 900 ? 1500 : 33) },
      { answer: ['It ', 'is ', 'so.'] },
    );
    const { grade, tests } = await virtualResult(engine, standard);
    expect(grade.reasons).toContain('stalls');
    expect(tests.some(({ itl }) => itl?.stalls.n === 1)).toBe(true);
  });

  it('by the headline tests, also where a slow device made one shorter', async () => {
    const clock = new VirtualClock();
    const speed = {
      promptMs: (tokens: number) => tokens,
      tokenMs: (_: number, call: number) => (call % 2 ? 130 : 100),
    };
    const engine = new VirtualEngine(clock, speed, { answer: ['It ', 'is ', 'so.'] });
    const result = await virtualResult(engine, standard);
    const made = headlineTests(result).map(({ name }) => name);
    expect(made[0]).toBe('pp512');
    expect(made[1]).toMatch(/^tg\d+$/);
    expect(made[1]).not.toBe('tg128');
    expect(result.grade.reasons).toContain('very-wide-interval');
  });

  it('how wide the interval of a headline test is', async () => {
    const noisy = async (spread: number): Promise<readonly string[]> => {
      let factor = 1;
      const clock = new VirtualClock();
      const engine = new VirtualEngine(
        clock,
        {
          promptMs: (tokens, _, call) => tokens * (call % 2 ? 1 + spread : 1),
          tokenMs: (_, call) => ((factor = call % 2 ? 1 + spread : 1), 33 * factor),
        },
        { answer: ['It ', 'is ', 'so.'] },
      );
      return (await virtualResult(engine, standard)).grade.reasons.filter((reason) => reason.includes('interval'));
    };
    expect(await noisy(0.01)).toEqual([]);
    expect(await noisy(0.1)).toEqual(['wide-interval']);
    expect(await noisy(0.3)).toEqual(['very-wide-interval']);
  });

  it('that it is faster than memory allows', async () => {
    // 400 MB a token at 20 GB/s: 50 tokens a second at most.
    const clock = new VirtualClock();
    const engine = new VirtualEngine(clock, steady(1000, 80), { answer: ['It ', 'is ', 'so.'] });
    const result = await virtualResult(engine, standard);
    expect(result.grade.reasons).toContain('faster-than-possible');
    const honest = (await run()).tests.find(({ name }) => name === 'tg128');
    expect(honest?.mbu).toBeCloseTo(30 / (20e9 / (400e6 + 65 * 20_000)), 3);
  });

  it('that nothing counted', async () => {
    const { grade, tests } = await virtualResult(engineWith({ cachedTokens: 5, endsAfter: 3 }));
    expect(grade.letter).toBe('X');
    expect(grade.reasons).toContain('nothing-valid');
    expect(tests.every(({ median_ts }) => median_ts === null)).toBe(true);
  });

  it('the weightiest first', async () => {
    const { grade } = await virtualResult(engineWith({ answer: ['No.'] }), { isolated: false });
    expect(grade.reasons[0]).toBe('wrong-answer');
  });

  it('nothing of a long task on the page, which cannot slow an engine that pushes; but notes it', async () => {
    const result = await run(
      {},
      {
        observations: {
          disturbances: [
            { kind: 'long-task', from: 0, to: 1e9 },
            { kind: 'unfocused', from: 0, to: 1e9 },
          ],
        },
      },
    );
    expect(result.grade.reasons).toEqual(['unfocused']);
    expect(repsOf(result).every(({ tags }) => tags.includes('long-task') && tags.includes('unfocused'))).toBe(true);
  });
});

it('a model that is not known by its bytes has no limit', async () => {
  const unknown: LoadedModel = { ...virtualModel };
  Reflect.deleteProperty(unknown, 'accounting');
  const result = await virtualResult(engineWith(), { ...standard, facts: { loaded: unknown } });
  expect(
    result.tests.every(({ mbu, tg_roof, budget_ms }) => mbu === null && tg_roof === null && budget_ms === null),
  ).toBe(true);
  expect(result.grade.letter).toBe('A');
});
