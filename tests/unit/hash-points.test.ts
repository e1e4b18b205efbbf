import { describe, expect, it } from 'vitest';
import { goodHashPoint, pointsBefore, withHashPoint, type HashPoint } from '../../workers/weights/store/hash-points';

const settleMs = 40_000;
const point = (chunks: number, at: number): HashPoint => ({ chunks, at, state: Uint8Array.of(chunks) });
const all = (): boolean => true;
const chunksOf = (points: readonly HashPoint[]): number[] => points.map(({ chunks }) => chunks);

describe('the state of a hash that is kept', () => {
  it('is good only when its chunks have lain on the disk for a while', () => {
    const points = [point(8, 0), point(16, 30_000)];
    expect(goodHashPoint(points, 39_999, settleMs, all)).toBeNull();
    expect(goodHashPoint(points, 40_000, settleMs, all)?.chunks).toBe(8);
    expect(goodHashPoint(points, 70_000, settleMs, all)?.chunks).toBe(16);
  });

  it('is not trusted by a clock that was set back', () => {
    expect(goodHashPoint([point(8, 1_000_000)], 5000, settleMs, all)).toBeNull();
  });

  it('counts only when every chunk of it is here', () => {
    const points = [point(8, 0), point(16, 1)];
    expect(goodHashPoint(points, 90_000, settleMs, (index) => index !== 12)?.chunks).toBe(8);
    expect(goodHashPoint(points, 90_000, settleMs, (index) => index !== 3)).toBeNull();
  });

  it('is gone when a chunk of it changes', () => {
    const points = [point(8, 0), point(16, 1), point(24, 2)];
    expect(chunksOf(pointsBefore(points, 16))).toEqual([8, 16]);
    expect(chunksOf(pointsBefore(points, 15))).toEqual([8]);
    expect(chunksOf(pointsBefore(points, 0))).toEqual([]);
  });

  it('is not replaced by the same one of a later try, whose age would begin anew', () => {
    const points = [point(8, 0), point(16, 2000)];
    expect(withHashPoint(points, point(8, 9000), settleMs)).toBe(points);
    expect(withHashPoint(points, point(16, 9000), settleMs)).toBe(points);
    expect(chunksOf(withHashPoint(points, point(24, 9000), settleMs))).toEqual([8, 16, 24]);
  });

  it('is few, however often it is kept', () => {
    let points: readonly HashPoint[] = [];
    for (let at = 0; at < 600_000; at += 300) points = withHashPoint(points, point(at / 300 + 1, at), settleMs);
    expect(points.length).toBeLessThanOrEqual(settleMs / 3000 + 4);
    // One is good at any time, and not far behind.
    expect(goodHashPoint(points, 600_000, settleMs, all)?.at).toBeGreaterThan(600_000 - settleMs - 4000);
  });

  it('lets a file that is hashed for three seconds at a time come to its end', () => {
    // 20 points a second, 40 seconds of hashing in all, killed every three seconds.
    const whole = 800;
    let points: readonly HashPoint[] = [];
    let now = 0;
    let reached = 0;
    for (let lives = 0; lives < 400 && reached < whole; lives += 1) {
      reached = goodHashPoint(points, now, settleMs, all)?.chunks ?? 0;
      for (let tick = 0; tick < 60 && reached < whole; tick += 1) {
        now += 50;
        reached += 1;
        points = withHashPoint(points, point(reached, now), settleMs);
      }
    }
    expect(reached).toBe(whole);
  });
});
