/** Two models in turn, by the real job and the real runner, on engines that exist in numbers only. */
import { describe, expect, it } from 'vitest';
import type { JobParts } from '../../src/benchmark/run/job-parts';
import { CompareJob, type ComparisonOutcome } from '../../src/benchmark/run/compare-job';
import type { BenchmarkEvent, BenchmarkPlan } from '../../src/shared/protocol/benchmark';
import type { ModelDescriptor } from '../../src/shared/domain/model';
import { devices } from '../fixtures/devices';
import { scriptedModel } from '../fixtures/scripted-session';
import { runVirtually, steady, VirtualClock, VirtualEngine, type VirtualFaults } from '../fixtures/virtual-engine';
import { virtualModel } from '../fixtures/virtual-result';

interface Speed {
  readonly prefill: number;
  readonly decode: number;
  readonly faults?: VirtualFaults;
}

/** @param speeds tokens per second of each side */
async function compared(speeds: Readonly<Record<'a' | 'b', Speed>>): Promise<ComparisonOutcome | null> {
  const clock = new VirtualClock();
  const model = (id: string): ModelDescriptor => ({ ...scriptedModel, id, name: id });
  let current: 'a' | 'b' = 'a';
  const parts = {
    client: {
      observe: () => {},
      clock: () => Promise.resolve({ origin: 0, now: performance.now() }),
      measure: async (plan: BenchmarkPlan, onEvent: (event: BenchmarkEvent) => void) => {
        const { prefill, decode, faults } = speeds[current];
        const engine = new VirtualEngine(clock, steady(prefill, decode), faults);
        const { end } = await runVirtually(engine, { ...plan, knownAnswer: null }, { onEvent });
        return { ok: true, value: end };
      },
    },
    model: {
      loadAs: ({ id }: ModelDescriptor) => {
        current = id as 'a' | 'b';
        return Promise.resolve({ ok: true, value: virtualModel });
      },
    },
    app: { version: '1.0.0', commit: '' },
    identity: { label: '', id: 'device-1' },
    identify: ({ id, name }: ModelDescriptor) => ({ id, name, file: '', sha256: null, bytes: 1 }),
    isStored: () => true,
    device: () => Promise.resolve(devices['gaming PC']),
  } as unknown as JobParts;
  const side = (id: string) => ({ model: model(id), name: id });
  const listener = { phase: () => {}, sees: () => {} };
  return new CompareJob(parts, { a: side('a'), b: side('b') }, listener).run();
}

describe('a comparison', () => {
  it('has six ratios for each test', async () => {
    const outcome = await compared({ a: { prefill: 1000, decode: 50 }, b: { prefill: 500, decode: 40 } });
    const tests = outcome?.comparison.tests ?? [];
    expect(tests.map(({ name, ratios }) => [name, ratios.length])).toEqual([
      ['pp128', 6],
      ['tg64', 6],
    ]);
    for (const ratio of tests[1]?.ratios ?? []) expect(ratio).toBeCloseTo(40 / 50, 1);
  });

  it('of which one side is slow makes the same shorter test on both, and nothing else is counted', async () => {
    const outcome = await compared({ a: { prefill: 1000, decode: 20 }, b: { prefill: 25, decode: 9 } });
    const tests = outcome?.comparison.tests ?? [];
    expect(tests.map(({ name }) => name.replace(/\d+/, 'N'))).toEqual(['ppN', 'tgN']);
    for (const { name, ratios } of tests) {
      expect(Number(/\d+/.exec(name)?.[0])).toBeLessThan(name.startsWith('pp') ? 128 : 64);
      expect(ratios.length).toBeGreaterThanOrEqual(5);
    }
    expect(tests[1]?.ratios[0]).toBeCloseTo(9 / 20, 1);
    for (const result of outcome?.results ?? [])
      expect(result.tests.map(({ name }) => name)).toEqual(tests.map(({ name }) => name));
  });

  it('of which an engine breaks off says why', async () => {
    const faults: VirtualFaults = {
      onCall: (call) => {
        if (call > 5) throw new Error('out of memory');
      },
    };
    await expect(
      compared({ a: { prefill: 1000, decode: 50 }, b: { prefill: 1000, decode: 50, faults } }),
    ).rejects.toMatchObject({ failure: { technical: expect.stringContaining('out of memory') as string } });
  });
});
