/** The columns of the table of results: what each is sorted by. */
import type { LostContender } from '../../../shared/domain/lab/run';
import { shareOf } from '../../results/score';
import type { ContenderRow } from '../../results/summarize';

/** A row with what this screen adds to it. */
export interface ShownRow {
  readonly row: ContenderRow;
  readonly lost?: LostContender | undefined;
  /** Which of the person's limits it breaks, in words; it is dimmed. */
  readonly breaks: readonly string[];
  /** Electricity for a million tokens, in the person's currency; null where it is not known. */
  readonly cost: number | null;
  /** Whose run it is from, where it is not this one. */
  readonly origin?: string | undefined;
}

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

function valueOf({ row, cost }: ShownRow, column: ColumnId): SortValue {
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
      return cost;
  }
}

function compareValues(a: SortValue, b: SortValue): number {
  return typeof a === 'string' && typeof b === 'string' ? a.localeCompare(b) : Number(a) - Number(b);
}

/** What is not known stands last in either direction; equal rows keep the order of the run. */
export function sortRows(rows: readonly ShownRow[], order: SortOrder | null): readonly ShownRow[] {
  if (order === null) return rows;
  const { column, descending } = order;
  const valued = rows.map((shown) => ({ shown, value: valueOf(shown, column) }));
  return valued
    .toSorted((a, b) => {
      if (a.value === null || b.value === null) return Number(a.value === null) - Number(b.value === null);
      return compareValues(a.value, b.value) * (descending ? -1 : 1);
    })
    .map(({ shown }) => shown);
}
