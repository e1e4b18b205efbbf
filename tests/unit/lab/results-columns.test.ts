import { describe, expect, it } from 'vitest';
import { sortedBy, sortRows, type ShownRow, type SortOrder } from '../../../src/lab/results-view/table/columns';
import { summarize } from '../../../src/lab/results/summarize';
import { scriptedRun } from '../../fixtures/lab/lab-run';

const { run, set, answers } = scriptedRun({ b: '+--', a: '++-', c: '???' });
const costs: Readonly<Record<string, number | null>> = { a: 3, b: null, c: 1 };
const rows: readonly ShownRow[] = summarize(run, set, answers).map((row) => ({
  row,
  breaks: [],
  cost: costs[row.contender.id] ?? null,
}));
const sorted = (order: SortOrder | null): string[] => sortRows(rows, order).map(({ row }) => row.contender.id);

describe('the columns of the table of results', () => {
  it('leave the order of the run until one is chosen', () => {
    expect(sorted(null)).toEqual(['b', 'a', 'c']);
  });

  it('begin with the best: the highest score, the lowest cost; a second press turns them around', () => {
    expect(sortedBy('score', null)).toEqual({ column: 'score', descending: true });
    expect(sortedBy('cost', null)).toEqual({ column: 'cost', descending: false });
    expect(sortedBy('score', { column: 'score', descending: true })).toEqual({ column: 'score', descending: false });
    expect(sortedBy('name', { column: 'score', descending: false }).descending).toBe(false);
  });

  it('have what is not known last, in either direction', () => {
    expect(sorted({ column: 'score', descending: true })).toEqual(['a', 'b', 'c']);
    expect(sorted({ column: 'score', descending: false })).toEqual(['b', 'a', 'c']);
    expect(sorted({ column: 'cost', descending: false })).toEqual(['c', 'a', 'b']);
    expect(sorted({ column: 'cost', descending: true })).toEqual(['a', 'c', 'b']);
  });

  it('sort names as text', () => {
    expect(sorted({ column: 'name', descending: false })).toEqual(['a', 'b', 'c']);
  });
});
