import { describe, expect, it } from 'vitest';
import { decodeRate, median } from '../../src/benchmark/benchmark-run.svelte';

describe('benchmark statistics', () => {
  it('takes the middle value, or the mean of the two middle ones', () => {
    expect(median([3, 1, 2])).toBe(2);
    expect(median([4, 1, 3, 2])).toBe(2.5);
    expect(median([])).toBeNaN();
  });

  it('counts intervals, not tokens: n timestamps are n - 1 tokens', () => {
    expect(decodeRate([0, 100, 200, 300, 400])).toBe(10);
    expect(decodeRate([5])).toBeNaN();
    expect(decodeRate([5, 5])).toBeNaN();
  });
});
