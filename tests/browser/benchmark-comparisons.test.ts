/** Comparisons that were kept: shown again, and deleted. */
import { deleteDB } from 'idb';
import { mount, unmount } from 'svelte';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { Benchmark } from '../../src/benchmark/benchmark.svelte';
import ComparisonList from '../../src/benchmark/compare-view/ComparisonList.svelte';
import type { StoredComparison } from '../../src/benchmark/history/database';
import { HistoryStore } from '../../src/benchmark/history/history-store';
import type { JobParts } from '../../src/benchmark/run/job-parts';
import { benchmarkDatabaseName } from '../../src/shared/domain/benchmark/suite';

const comparison = (id: string, second: string): StoredComparison => ({
  id,
  started: '2026-03-01T10:00:00.000Z',
  suite: '1.0.0',
  sides: ['One model', second],
  results: ['r1', 'r2'],
  tests: [{ name: 'tg64', ratios: [1.1, 1.2], difference: null }],
});

const endings: (() => void)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0)) end();
  await deleteDB(benchmarkDatabaseName);
});

/** Nothing is measured here. */
const noParts = {} as JobParts;

describe('comparisons of earlier visits', () => {
  it('are listed newest first, shown again and deleted', async () => {
    await new HistoryStore().keepComparison(comparison('01', 'Older'));
    await new HistoryStore().keepComparison(comparison('02', 'Newer'));
    const benchmark = new Benchmark(noParts, new HistoryStore());
    await benchmark.open();
    const target = document.body.appendChild(document.createElement('div'));
    const undos: (() => void)[] = [];
    const list = mount(ComparisonList, {
      target,
      props: { benchmark, deleted: (undo: () => void) => undos.push(undo) },
    });
    endings.push(() => {
      void unmount(list);
      target.remove();
    });
    const items = (): HTMLElement[] => [...target.querySelectorAll('li')];
    expect(items().map((item) => item.querySelector('.words span')?.textContent)).toEqual([
      expect.stringMatching(/^One model and Newer, /),
      expect.stringMatching(/^One model and Older, /),
    ]);
    const buttons = (item: HTMLElement | undefined): HTMLButtonElement[] => [
      ...(item?.querySelectorAll('button') ?? []),
    ];
    buttons(items()[1])[0]?.click();
    expect(benchmark.shown).toMatchObject({ kind: 'comparison', comparison: { id: '01' } });
    await vi.waitFor(() => expect(items()[1]?.textContent).toContain('shown above'), { timeout: 15_000 });
    buttons(items()[1])[0]?.click();
    await vi.waitFor(() => expect(items()).toHaveLength(1), { timeout: 15_000 });
    expect(benchmark.shown).toBeNull();
    expect(await new HistoryStore().comparisons()).toMatchObject({ ok: true, value: [{ id: '02' }] });
    await vi.waitFor(() => expect(undos).toHaveLength(1), { timeout: 15_000 });
    undos[0]?.();
    await vi.waitFor(() => expect(items()).toHaveLength(2), { timeout: 15_000 });
  });
});
