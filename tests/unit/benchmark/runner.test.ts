/** The runner on a clock and an engine that exist in numbers only: what it measures, in which order, and when it ends. */
import { describe, expect, it } from 'vitest';
import type { BenchmarkEvent, RawRep } from '../../../src/shared/protocol/benchmark';
import { testName } from '../../../src/shared/domain/benchmark/shapes';
import { ReportedPage } from '../../../workers/benchmark/reported-page';
import { planOf } from '../../fixtures/profile-plan';
import { normals } from '../../fixtures/noise';
import { runVirtually, steady, VirtualClock, VirtualEngine, quickPlan } from '../../fixtures/virtual-engine';

const engineOf = (...speed: Parameters<typeof steady>): VirtualEngine =>
  new VirtualEngine(new VirtualClock(), steady(...speed));
const repsIn = (events: readonly BenchmarkEvent[]): RawRep[] =>
  events.flatMap((event) => (event.type === 'rep' && !event.rep.warmUp ? [event.rep] : []));
const names = (events: readonly BenchmarkEvent[]): string[] => repsIn(events).map(({ shape }) => testName(shape));
const skips = (events: readonly BenchmarkEvent[]): Record<string, string> =>
  Object.fromEntries(
    events.flatMap((event) => (event.type === 'skipped' ? [[testName(event.shape), event.reason]] : [])),
  );

describe('Quick', () => {
  it('measures each test three times, each round in the opposite order', async () => {
    const { events, end } = await runVirtually(engineOf(1000, 50));
    expect(end).toBe('finished');
    expect(names(events)).toEqual(['pp128', 'tg64', 'tg64', 'pp128', 'pp128', 'tg64']);
  });

  it('asks for one token more than it times', async () => {
    const engine = engineOf(1000, 50);
    const { events } = await runVirtually(engine);
    const counted = repsIn(events).filter(({ shape }) => shape.kind === 'tg');
    for (const rep of counted) expect(rep).toMatchObject({ wanted: 65, generated: 65 });
    expect(counted[0]?.stamps).toEqual(engine.emissions.at(-3));
  });

  it('gives every repetition a prompt of its own', async () => {
    const seeds = new Set<number | undefined>();
    const engine = engineOf(1000, 50);
    const measure = engine.measurePrefill.bind(engine);
    engine.measurePrefill = (tokens, control?: { seed?: number }) => {
      seeds.add(control?.seed);
      return measure(tokens);
    };
    await runVirtually(engine);
    expect(seeds.size).toBe(engine.calls - engine.emissions.length);
  });

  it('times fewer tokens on a slow device, and calls the test by what it is', async () => {
    expect(names((await runVirtually(engineOf(60, 12))).events)).toContain('tg48');
    const slowest = names((await runVirtually(engineOf(5, 2))).events);
    expect(new Set(slowest)).toEqual(new Set(['pp32', 'tg32']));
  });

  it('takes about twenty seconds, the pauses of 0.5 s included', async () => {
    const clock = new VirtualClock();
    const engine = new VirtualEngine(clock, steady(100, 20));
    await runVirtually(engine);
    expect(clock.exact).toBeGreaterThan(12_000);
    expect(clock.exact).toBeLessThan(40_000);
  });
});

describe('warming up', () => {
  it('goes on until two in a row agree, and counts none of it', async () => {
    // The first runs of a kernel are slow: a compiler is still at work.
    const clock = new VirtualClock();
    const factor = (call: number): number => [8, 6, 4, 3, 1.5, 1.02][call - 1] ?? 1;
    const engine = new VirtualEngine(clock, {
      promptMs: (tokens, _, call) => tokens * factor(call),
      tokenMs: (_, call) => 20 * factor(call),
    });
    const { events } = await runVirtually(engine);
    const warm = events.flatMap((event) =>
      event.type === 'rep' && event.rep.warmUp ? [testName(event.rep.shape)] : [],
    );
    expect(warm).toEqual(['pp16', 'pp16', 'tg8', 'pp128', 'pp128', 'pp128', 'tg50', 'tg50']);
    expect(names(events).filter((name) => name === 'tg64')).toHaveLength(3);
    for (const rep of repsIn(events).filter(({ shape }) => shape.kind === 'pp'))
      expect((rep.stamps[0] ?? 0) - rep.requestedAt).toBeCloseTo(128, 1);
  });

  it('is short where a single repetition is long already', async () => {
    const { events } = await runVirtually(engineOf(20, 3));
    expect(events.filter((event) => event.type === 'rep' && event.rep.warmUp)).toHaveLength(3 + 2);
  });
});

describe('Standard', () => {
  it('ends after five rounds when the headline tests are known to 3 %', async () => {
    const { events } = await runVirtually(engineOf(2000, 60), planOf('standard'));
    const counts = names(events).reduce<Record<string, number>>(
      (sum, name) => ({ ...sum, [name]: (sum[name] ?? 0) + 1 }),
      {},
    );
    expect(counts).toEqual({ pp64: 5, pp512: 5, pp1024: 5, tg128: 5, 'tg128 @ d1024': 5, 'tg128 @ d4096': 5 });
  });

  it('goes on to ten when they are not', async () => {
    const noise = normals(5);
    const engine = new VirtualEngine(new VirtualClock(), {
      promptMs: (tokens) => (tokens / 2) * Math.exp(0.12 * noise()),
      tokenMs: (() => {
        let factor = 1;
        let call = 0;
        return (_: number, now: number) => {
          if (now !== call) factor = Math.exp(0.12 * noise());
          call = now;
          return 15 * factor;
        };
      })(),
    });
    const { events } = await runVirtually(engine, planOf('standard'));
    expect(names(events).filter((name) => name === 'pp512')).toHaveLength(10);
  });

  it('goes on to ten for a headline test that a slow device made shorter', async () => {
    // Writing alone is noisy.
    const engine = new VirtualEngine(new VirtualClock(), {
      promptMs: (tokens) => tokens / 2,
      tokenMs: (_, call) => 120 * (call % 2 ? 1.2 : 1),
    });
    const { events } = await runVirtually(engine, planOf('standard', { shapeMs: 10 * 60_000, extendMs: Infinity }));
    const writing = names(events).filter((name) => /^tg\d+$/.test(name));
    expect(writing).not.toContain('tg128');
    expect(writing).toHaveLength(10);
  });

  it('leaves out what does not fit into its time box or the context, and says so', async () => {
    const slow = await runVirtually(engineOf(50, 8), planOf('standard'), { contextTokens: 4096 });
    expect(skips(slow.events)).toEqual({ pp1024: 'too-slow', 'tg72 @ d1024': 'too-slow', 'tg72 @ d4096': 'context' });
    expect(new Set(names(slow.events))).toEqual(new Set(['pp64', 'pp512', 'tg72']));
    const small = await runVirtually(engineOf(3000, 100), planOf('standard'), { contextTokens: 1024 });
    expect(Object.values(skips(small.events))).toEqual(['context', 'context', 'context']);
  });

  it('leaves out depths that the engine cannot make', async () => {
    const engine = new VirtualEngine(new VirtualClock(), steady(2000, 60), { ignoresDepth: true });
    expect(skips((await runVirtually(engine, planOf('standard'))).events)).toEqual({
      'tg128 @ d1024': 'depth',
      'tg128 @ d4096': 'depth',
    });
  });
});

describe('a cause for not counting', () => {
  it('has the repetition measured anew', async () => {
    const page = new ReportedPage();
    const engine = new VirtualEngine(new VirtualClock(), steady(1000, 50), {
      // In the middle of the ninth call the page is hidden for a moment.
      onCall: (call) => {
        if (call !== 9) return;
        page.update({ visible: false, pressed: false });
        page.update({ visible: true, pressed: false });
      },
    });
    const { events } = await runVirtually(engine, quickPlan, { page });
    expect(repsIn(events).map(({ causes }) => causes)).toContainEqual(['hidden']);
    expect(repsIn(events).filter(({ causes }) => causes.length === 0)).toHaveLength(6);
    expect(repsIn(events)).toHaveLength(7);
  });

  it('three times is enough: the test is given up, the others are not', async () => {
    const engine = new VirtualEngine(new VirtualClock(), steady(1000, 50), { endsAfter: 20 });
    const { events, end } = await runVirtually(engine);
    expect(end).toBe('finished');
    expect(skips(events)).toEqual({ tg64: 'ended-early' });
    expect(names(events).filter((name) => name === 'pp128')).toHaveLength(3);
  });
});

describe('waiting', () => {
  it('until the page can be seen', async () => {
    const page = new ReportedPage();
    page.update({ visible: false, pressed: false });
    const run = runVirtually(engineOf(1000, 50), quickPlan, { page });
    let ended = false;
    void run.then(() => (ended = true));
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(ended).toBe(false);
    page.update({ visible: true, pressed: false });
    const { events } = await run;
    expect(repsIn(events).every(({ causes }) => causes.length === 0)).toBe(true);
  });

  it('at most fifteen seconds for a device under pressure, and then measures with a note', async () => {
    const page = new ReportedPage();
    page.update({ visible: true, pressed: true });
    const waited: number[] = [];
    const engine = engineOf(1000, 50);
    const { events } = await runVirtually(engine, quickPlan, {
      page,
      wait: (milliseconds) => {
        waited.push(milliseconds);
        engine.clock.advance(milliseconds);
        return Promise.resolve();
      },
    });
    expect(Math.max(...waited)).toBe(15_000);
    expect(repsIn(events).every(({ pressed }) => pressed)).toBe(true);
  });
});

describe('an end before the end', () => {
  it.each([1, 3, 5, 8, 11])('stopped at call %i, what was measured stays', async (stopAt) => {
    const stop = new AbortController();
    const engine = new VirtualEngine(new VirtualClock(), steady(1000, 50), {
      onCall: (call) => {
        if (call === stopAt) stop.abort();
      },
    });
    const { events, end } = await runVirtually(engine, quickPlan, { signal: stop.signal });
    expect(end).toBe('stopped');
    expect(events.filter(({ type }) => type === 'rep')).toHaveLength(stopAt - 1);
  });

  it('stopped while it waits for the page', async () => {
    const page = new ReportedPage();
    page.update({ visible: false, pressed: false });
    const stop = new AbortController();
    const run = runVirtually(engineOf(1000, 50), quickPlan, { page, signal: stop.signal });
    stop.abort();
    expect((await run).end).toBe('stopped');
  });

  it('when the engine breaks, with its failure', async () => {
    const engine = new VirtualEngine(new VirtualClock(), steady(1000, 50), {
      onCall: (call) => {
        if (call === 10) throw new Error('device lost');
      },
    });
    const { events, end } = await runVirtually(engine);
    expect(end).toBe('broke-off');
    expect(events.at(-1)).toMatchObject({ type: 'broke-off', failure: { kind: 'engine-crashed' } });
    expect(repsIn(events).length).toBeGreaterThan(0);
  });
});

describe('the clock', () => {
  it.each([0.005, 0.1, 1, 16])('with steps of %d ms is measured', async (step) => {
    const engine = new VirtualEngine(new VirtualClock(step), steady(1000, 50));
    const { events } = await runVirtually(engine);
    expect(events.find(({ type }) => type === 'clock')).toMatchObject({ resolutionMs: expect.closeTo(step, 3) });
  });

  it('with steps of 100 ms is refused', async () => {
    const engine = new VirtualEngine(new VirtualClock(100), steady(1000, 50));
    await expect(runVirtually(engine)).rejects.toMatchObject({ failure: { kind: 'benchmark-clock' } });
  });

  it('that goes back is refused', async () => {
    const clock = new VirtualClock();
    const engine = new VirtualEngine(clock, steady(1000, 50));
    let looks = 0;
    const forward = clock.now.bind(clock);
    clock.now = () => forward() - ((looks += 1) > 30 ? 5 : 0);
    await expect(runVirtually(engine)).rejects.toMatchObject({
      failure: { kind: 'benchmark-clock', technical: expect.stringContaining('went back') },
    });
  });
});

describe('progress', () => {
  it('is told at most once a second within a phase, and never within a repetition', async () => {
    const clock = new VirtualClock();
    const told: { phase: string; at: number }[] = [];
    let measuring = false;
    const engine = new VirtualEngine(clock, steady(1000, 50));
    for (const name of ['measurePrefill', 'measureDecode'] as const) {
      const measure = engine[name].bind(engine) as (tokens: number, control?: object) => Promise<never>;
      engine[name] = async (tokens: number, control?: object) => {
        measuring = true;
        const result = await measure(tokens, control);
        measuring = false;
        return result;
      };
    }
    await runVirtually(engine, planOf('standard'), {
      onEvent: (event) => {
        if (event.type !== 'phase') return;
        expect(measuring).toBe(false);
        told.push({ phase: event.phase, at: clock.exact });
      },
    });
    told.slice(1).forEach(({ phase, at }, index) => {
      const before = told[index];
      if (before?.phase === phase) expect(at - before.at).toBeGreaterThanOrEqual(1000);
    });
  });
});
