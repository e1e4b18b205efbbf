/** What is told while a run goes on: how far it is, how long it will take, and why it goes on. */
import { describe, expect, it } from 'vitest';
import { expectedTime } from '../../../src/shared/domain/benchmark/duration';
import { precision, profiles } from '../../../src/shared/domain/benchmark/profiles';
import type { BenchmarkEvent } from '../../../src/shared/protocol/benchmark';
import { normals } from '../../fixtures/noise';
import { planOf } from '../../fixtures/profile-plan';
import { runVirtually, steady, VirtualClock, VirtualEngine } from '../../fixtures/virtual-engine';

type Phase = Extract<BenchmarkEvent, { type: 'phase' }>;
interface Told extends Phase {
  readonly at: number;
}

/** A run of the profile Standard, with the time at which each stage was told. */
async function standard(engine: VirtualEngine) {
  const { clock } = engine;
  const told: Told[] = [];
  const startedAt = clock.exact;
  const { end } = await runVirtually(engine, planOf('standard'), {
    onEvent: (event) => event.type === 'phase' && told.push({ ...event, at: clock.exact - startedAt }),
  });
  return { told, end, tookMs: clock.exact - startedAt };
}

/** Each answer of the engine is slower or faster than the last by about this share. */
function noisy(promptTokenMs: number, tokenMs: number, share: number): VirtualEngine {
  const noise = normals(5);
  let factor = 1;
  let call = -1;
  const factorOf = (now: number): number => {
    if (now !== call) factor = Math.exp(share * noise());
    call = now;
    return factor;
  };
  return new VirtualEngine(new VirtualClock(), {
    promptMs: (tokens, _, now) => tokens * promptTokenMs * factorOf(now),
    tokenMs: (_, now) => tokenMs * factorOf(now),
  });
}

describe('the progress of a run', () => {
  it('is never at its end before the run is, and tells the time that is left', async () => {
    const { told, tookMs } = await standard(new VirtualEngine(new VirtualClock(), steady(500, 25)));
    const measuring = told.filter(({ phase }) => phase === 'measuring');
    expect(measuring.length).toBeGreaterThan(10);
    for (const { fraction, leftMs, at } of measuring) {
      expect(fraction).toBeLessThan(1);
      expect(leftMs).not.toBeNull();
      expect(Math.abs((leftMs ?? 0) - (tookMs - at)) / tookMs).toBeLessThan(0.1);
    }
    expect(measuring.every(({ extension }) => extension === null)).toBe(true);
  });

  it('gives the reason for more repetitions than the least, and a time that comes true', async () => {
    const { told, tookMs } = await standard(noisy(0.4, 12, 0.12));
    const extended = told.filter(({ extension }) => extension !== null);
    expect(extended.length).toBeGreaterThan(5);
    for (const { extension, fraction, leftMs, at } of extended) {
      expect(extension?.test).toMatch(/^(pp512|tg128)$/);
      expect(extension?.halfWidth).toBeGreaterThan(precision);
      expect(fraction).toBeLessThan(1);
      expect(leftMs ?? 0).toBeGreaterThan(0);
      expect(Math.abs((leftMs ?? 0) - (tookMs - at)) / tookMs).toBeLessThan(0.35);
    }
  });

  it('adds no repetitions beyond five minutes, however wide the interval is', async () => {
    const { told, end, tookMs } = await standard(noisy(3, 60, 0.25));
    expect(end).toBe('finished');
    expect(tookMs).toBeGreaterThan(200_000);
    const lastExtended = told.findLast(({ extension }) => extension !== null);
    if (lastExtended) expect(tookMs).toBeLessThan(profiles.standard.extendMs + 20_000);
  });

  it.each([
    [3000, 80],
    [500, 25],
    [120, 12],
    [40, 6],
  ])('is foretold for %i tokens/s of prefill and %i of decode', async (prefill, decode) => {
    const { told, tookMs } = await standard(new VirtualEngine(new VirtualClock(), steady(prefill, decode)));
    const from = told.find(({ phase }) => phase === 'warm-up')?.at ?? 0;
    const foretold = expectedTime(profiles.standard, { prefill, decode });
    expect(Math.abs(foretold / (tookMs - from) - 1)).toBeLessThan(0.15);
  });
});
