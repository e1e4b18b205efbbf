/** The measurement of some seconds: when it runs, what it keeps, and who goes first. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { WhenIdle } from '../../src/app/when-idle';
import type { CeilingReadings } from '../../src/shared/domain/benchmark/ceiling';
import { failed, type Result } from '../../src/shared/protocol/failure';
import type { ModelDescriptor } from '../../src/shared/domain/model';
import type { ActiveModel } from '../../src/engine/active-model.svelte';
import { SpeedCheck } from '../../src/engine/speed-check.svelte';

const guide = { id: 'guide', bytes: 3_470_000 } as ModelDescriptor;
const memory: CeilingReadings = {
  cpu: [{ threads: 4, readings: [{ bytes: 256 * 1024 ** 2, gigabytesPerSecond: 20, halfWidth: 0.02 }] }],
  gpu: null,
};

interface Fake {
  readonly model: ActiveModel;
  readonly asked: string[];
  readonly abort: AbortController;
}

function fake({ inUse = false, found = { ok: true, value: memory } as Result<CeilingReadings> } = {}): Fake {
  const asked: string[] = [];
  const abort = new AbortController();
  const note = <T>(name: string, value: T): Promise<T> => {
    asked.push(name);
    return Promise.resolve(value);
  };
  const client = {
    measurePrefill: (tokens: number) => note('prefill', { ok: true, value: { tokens, milliseconds: 32 } }),
    measureDecode: () => note('decode', { ok: true, value: { timestamps: [0, 1, 2, 3] } }),
    measureMemory: (bytes: number) => note(`memory ${bytes / 1024 ** 2} MiB`, found),
    cancel: (id: string) => note(`cancel ${id}`, undefined),
  };
  const model = {
    client,
    loaded: { modelId: 'guide', backend: 'cpu', threads: 1 },
    inBackground: (work: (signal: AbortSignal) => unknown) => (inUse ? null : work(abort.signal)),
  } as unknown as ActiveModel;
  return { model, asked, abort };
}

beforeEach(() => localStorage.clear());

describe('a speed check', () => {
  it('measures the Guide and the memory, and keeps what it found', async () => {
    const { model, asked } = fake();
    const check = new SpeedCheck(model, guide, false);
    expect(check.isDue).toBe(true);
    expect(await check.run()).toBe(true);
    expect(asked).toEqual([...Array.from({ length: 3 }, () => ['prefill', 'decode']).flat(), 'memory 256 MiB']);
    expect(check.found).toMatchObject({ cpu: 20, gpu: null, threads: 4, prefill: 4000, decode: 1000 });
    expect(check.found?.coreRate).toBeCloseTo(3.47, 2);
    expect(check.isDue).toBe(false);
  });

  it('runs once on each of the first visits, and keeps the best: what else ran made the device slower', async () => {
    const read = (gigabytesPerSecond: number): CeilingReadings => ({
      ...memory,
      cpu: [{ threads: 4, readings: [{ bytes: 256 * 1024 ** 2, gigabytesPerSecond, halfWidth: 0.02 }] }],
    });
    for (const rate of [2, 20, 15]) {
      const check = new SpeedCheck(fake({ found: { ok: true, value: read(rate) } }).model, guide, false);
      expect(check.isDue).toBe(true);
      await check.run();
      expect(check.isDue, 'not twice on a visit').toBe(false);
    }
    const later = new SpeedCheck(fake().model, guide, false);
    expect(later.found).toMatchObject({ cpu: 20, checks: 3 });
    expect(later.isDue).toBe(false);
  });

  it('reads less on a phone, whose system ends pages that take much', async () => {
    const { model, asked } = fake();
    await new SpeedCheck(model, guide, true).run();
    expect(asked.at(-1)).toBe('memory 64 MiB');
  });

  it('lets whoever uses the engine go first, and keeps nothing of a measurement that was broken off', async () => {
    const inUse = fake({ inUse: true });
    const check = new SpeedCheck(inUse.model, guide, false);
    expect(await check.run()).toBe(false);
    expect(inUse.asked).toEqual([]);

    const broken = fake();
    const other = new SpeedCheck(broken.model, guide, false);
    const running = other.run();
    broken.abort.abort();
    expect(await running).toBe(false);
    expect(broken.asked).toContain('cancel memory');
    expect(other.found).toBeNull();
    expect(other.isDue).toBe(true);
  });

  it('is not tried again by itself where the browser gives nothing', async () => {
    const { model } = fake({ found: failed('unexpected', 'no memory') });
    const check = new SpeedCheck(model, guide, false);
    expect(await check.run()).toBe(false);
    expect(check.failed).toBe(true);
    expect(check.isDue).toBe(false);
  });

  it('does not run by itself once a person has switched that off', () => {
    const { model } = fake();
    new SpeedCheck(model, guide, false).automatic = false;
    expect(new SpeedCheck(model, guide, false).isDue).toBe(false);
  });
});

describe('what waits for a page that is left alone', () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  it('runs after ten quiet seconds, and not while something is in the way or the page is touched', () => {
    let inTheWay = true;
    const work = vi.fn();
    new WhenIdle(() => inTheWay, work).start();
    vi.advanceTimersByTime(30_000);
    expect(work).not.toHaveBeenCalled();
    inTheWay = false;
    vi.advanceTimersByTime(8000);
    dispatchEvent(new Event('keydown'));
    vi.advanceTimersByTime(8000);
    expect(work).not.toHaveBeenCalled();
    vi.advanceTimersByTime(4000);
    expect(work).toHaveBeenCalledOnce();
  });
});
