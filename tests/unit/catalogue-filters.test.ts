import { describe, expect, it } from 'vitest';
import { entries } from '../../src/models/catalogue/catalogue-data';
import {
  filterEntries,
  isFiltered,
  modelTasks,
  noFilters,
  onePerPair,
  sizeClasses,
  sizeClassOf,
} from '../../src/models/catalogue-filters';

describe('filters of the catalogue', () => {
  it('let everything through when none is set', () => {
    expect(isFiltered(noFilters)).toBe(false);
    expect(filterEntries(entries, noFilters)).toEqual(entries);
  });

  it('divide the catalogue by size without a rest', () => {
    const counts = sizeClasses.map((size) => filterEntries(entries, { ...noFilters, size }).length);
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(entries.length);
    expect(counts.every((count) => count > 0)).toBe(true);
    expect([5e8, 5e8 + 1, 1e9, 2e9, 2e9 + 1].map(sizeClassOf)).toEqual(['0.5', '1', '1', '2', 'larger']);
  });

  it('find something for every task', () => {
    for (const task of modelTasks) {
      const found = filterEntries(entries, { ...noFilters, task });
      expect(found.length, task).toBeGreaterThan(0);
      expect(found.every(({ tasks }) => tasks.includes(task))).toBe(true);
    }
  });

  it('hold all at once', () => {
    const filters = { task: 'code', family: 'qwen2.5-coder', size: '2', format: 'gguf' } as const;
    expect(isFiltered(filters)).toBe(true);
    const found = filterEntries(entries, filters);
    expect(found.map(({ id }) => id)).toEqual(['qwen2.5-coder-1.5b-q4_k_m']);
  });
});

describe('one of each pair of MLC weights', () => {
  it('is the one that the GPU can compute', () => {
    const ids = (f16: boolean | null): string[] =>
      onePerPair(entries, f16)
        .filter(({ title, format }) => title === 'Qwen3 0.6B' && format === 'mlc')
        .map(({ id }) => id);
    expect(ids(true)).toEqual(['qwen3-0.6b-q4f16_1']);
    expect(ids(false)).toEqual(['qwen3-0.6b-q4f32_1']);
    expect(ids(null)).toEqual(ids(true));
  });

  it('leaves all GGUF, and whatever has no twin', () => {
    const gguf = ({ format }: { format: string }): boolean => format === 'gguf';
    for (const f16 of [true, false]) {
      const kept = onePerPair(entries, f16);
      expect(kept.filter(gguf)).toEqual(entries.filter(gguf));
      expect(kept.some(({ title }) => title === 'Gemma 3 1B')).toBe(true);
    }
  });
});
