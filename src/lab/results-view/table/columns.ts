/** The columns of the table of results: what each is sorted by. */
import type { ContenderRow } from '../../results/summarize';
import { shareOf } from '../../results/score';

export type ColumnId = 'name' | 'score' | 'first-token' | 'whole' | 'rate' | 'tokens' | 'size' | 'license' | 'cost';

export interface SortOrder {
  readonly column: ColumnId;
  readonly descending: boolean;
}

/** Which end people look for first: the highest score and rate, the shortest time, the lowest cost. */
const descendingFirst: ReadonlySet<ColumnId> = new Set<ColumnId>(['score', 'rate']);

/** A second press on the same column turns it around. */
export const sortedBy = (column: ColumnId, before: SortOrder | null): SortOrder => ({
  column,
  descending: before?.column === column ? !before.descending : descendingFirst.has(column),
});

type SortValue = number | string | null;

/** @param costOf in the person's currency; null where it is not known */
function valueOf(row: ContenderRow, column: ColumnId, costOf: (row: ContenderRow) => number | null): SortValue {
  const { contender, score, speed, facts } = row;
  switch (column) {
    case 'name':
      return contender.name;
    case 'score':
      return shareOf(score);
    case 'first-token':
      return speed.firstToken?.median ?? null;
    case 'whole':
      return speed.whole?.median ?? null;
    case 'rate':
      return speed.tokensPerSecond;
    case 'tokens':
      return speed.tokens && speed.tokens.answer + speed.tokens.thought;
    case 'size':
      return facts?.bytes ?? null;
    case 'license':
      return facts?.license ?? null;
    case 'cost':
      return costOf(row);
  }
}

function compareValues(a: SortValue, b: SortValue): number {
  return typeof a === 'string' && typeof b === 'string' ? a.localeCompare(b) : Number(a) - Number(b);
}

/** What is not known stands last in either direction; equal rows keep the order of the run. */
export function sortRows(
  rows: readonly ContenderRow[],
  order: SortOrder | null,
  costOf: (row: ContenderRow) => number | null,
): readonly ContenderRow[] {
  if (order === null) return rows;
  const { column, descending } = order;
  const valued = rows.map((row) => ({ row, value: valueOf(row, column, costOf) }));
  return valued
    .toSorted((a, b) => {
      if (a.value === null || b.value === null) return Number(a.value === null) - Number(b.value === null);
      return compareValues(a.value, b.value) * (descending ? -1 : 1);
    })
    .map(({ row }) => row);
}
