/** V14: a device that becomes hot along a known curve, and what is found of it. */
import { describe, expect, it } from 'vitest';
import { sustainedFigures } from '../../../src/benchmark/result/sustained-figures';
import { ReportedPage } from '../../../workers/benchmark/reported-page';
import { planOf } from '../../fixtures/profile-plan';
import { VirtualClock, VirtualEngine, type VirtualSpeed } from '../../fixtures/virtual-engine';
import { virtualResult } from '../../fixtures/virtual-result';

const answer = ['It ', 'is ', 'so.'];
const minutes = 10;
/** 50 tokens a second for two minutes, then falling for three, to 35. */
function throttling(idleSince: { at: number }): VirtualSpeed {
  let begunAt: number | null = null;
  const rate = (at: number): number => {
    begunAt ??= at;
    const seconds = (at - begunAt) / 1000;
    if (at > idleSince.at) return 48;
    return seconds < 120 ? 50 : Math.max(35, 50 - (15 * (seconds - 120)) / 180);
  };
  return { promptMs: (tokens) => tokens / 4, tokenMs: (at) => 1000 / rate(at) };
}

describe('a sustained run', () => {
  it('finds drop, time to 90 % and the knee of a known throttle curve', async () => {
    const clock = new VirtualClock();
    const idle = { at: Infinity };
    const engine = new VirtualEngine(clock, throttling(idle), { answer });
    const result = await virtualResult(engine, {
      plan: planOf('sustained', { sustainedMs: minutes * 60_000 }),
      profile: 'sustained',
      facts: { sustainedMinutes: minutes },
      parts: {
        wait: (milliseconds) => {
          clock.advance(milliseconds);
          if (milliseconds === 60_000) idle.at = clock.exact - 1;
          return Promise.resolve();
        },
      },
    });
    const { sustained } = result;
    if (!sustained) throw new Error('nothing sustained');
    expect(sustained.bins).toHaveLength(60);
    expect(sustained.peak_ts).toBeCloseTo(50, 0);
    expect(sustained.sustained_ts).toBeCloseTo(35, 0);
    // One percentage point.
    expect(Math.abs((sustained.drop ?? 0) - 0.3)).toBeLessThan(0.01);
    // 45 tokens a second are reached after three minutes.
    expect(Math.abs((sustained.t90_s ?? 0) - 180)).toBeLessThan(10 + 5);
    expect(Math.abs((sustained.knee_s ?? 0) - 120)).toBeLessThan(20);
    expect(sustained.recovery_ts).toBeCloseTo(48, 0);
    expect(result.grade).toEqual({ letter: 'B', reasons: ['sustained-profile'] });
    expect(result.env.canary_read.length).toBeGreaterThanOrEqual(10);
  });

  it('has no recovery where it ended in segments that do not count, without the rest', async () => {
    const page = new ReportedPage();
    const engine = new VirtualEngine(new VirtualClock(), throttling({ at: Infinity }), {
      answer,
      onCall: (call) => {
        if (call < 40) return;
        page.update({ visible: false, pressed: false });
        page.update({ visible: true, pressed: false });
      },
    });
    const result = await virtualResult(engine, {
      plan: planOf('sustained', { sustainedMs: minutes * 60_000 }),
      profile: 'sustained',
      facts: { sustainedMinutes: minutes },
      parts: { page },
    });
    expect(result.ended.how).toBe('finished');
    expect(result.tests[0]?.reps.filter(({ valid }) => !valid).length).toBe(3);
    expect(result.sustained?.peak_ts).toBeCloseTo(50, 0);
    expect(result.sustained?.recovery_ts).toBeNull();
  });

  it('finds nothing of the kind on a device that stays cool', () => {
    const stamps = Array.from({ length: 5 * 60 * 20 }, (_, index) => index * 50 + (index % 7));
    const figures = sustainedFigures([{ stamps }], 5, null);
    expect(figures).toMatchObject({ t90_s: null, knee_s: null, recovery_ts: null });
    expect(Math.abs(figures.drop ?? 1)).toBeLessThan(0.01);
  });

  it('says nothing where there is nothing', () => {
    expect(sustainedFigures([], 5, null)).toMatchObject({ peak_ts: null, sustained_ts: null, drop: null, t90_s: null });
    expect(sustainedFigures([{ stamps: [5] }], 5, null).bins).toHaveLength(30);
  });

  it('counts only the time of generating', () => {
    // 100 ms a token, and two seconds of reading between two segments.
    const segments = [0, 5000, 10_000].map((from) => ({
      stamps: Array.from({ length: 31 }, (_, index) => from + index * 100),
    }));
    expect(sustainedFigures(segments, 5, null).bins.slice(0, 2)).toEqual([10, 10]);
  });
});
