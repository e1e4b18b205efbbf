/** What a person can't do without, and the best contender of those that have it. */
import type { ContenderId } from '../../shared/domain/lab/run';
import type { Comparison } from './compare';
import { shareOf } from './score';
import type { ContenderRow } from './summarize';

export interface Constraints {
  /** Of the whole answer, in ms. */
  readonly mostMedianMs?: number;
  readonly mostP95Ms?: number;
  /** As the models' cards name them; upper and lower case are the same. */
  readonly licenses?: readonly string[];
  /** Of the weights. */
  readonly mostBytes?: number;
  readonly mostMemoryBytes?: number;
  /** Between 0 and 1. */
  readonly leastScore?: number;
}

export type ConstraintName = keyof Constraints;

/** `unknown`: the figure isn't there, so that nobody can say that it keeps to it. */
export interface Broken {
  readonly constraint: ConstraintName;
  readonly how: 'breaks' | 'unknown';
}

export interface BestChoice {
  readonly contenderId: ContenderId;
  /** Those of the rest from which the cases can't tell it, best first. Empty where it is better than all others. */
  readonly notToldFrom: readonly ContenderId[];
}

export interface Choice {
  readonly broken: ReadonlyMap<ContenderId, readonly Broken[]>;
  /** Of those that break nothing and were judged: the highest share; of equal ones the faster. Null where none is left. */
  readonly best: BestChoice | null;
}

/** @param comparisons all pairs of the rows, see `compareAll` */
export function applyConstraints(
  rows: readonly ContenderRow[],
  constraints: Constraints,
  comparisons: readonly Comparison[],
): Choice {
  const broken = new Map(rows.map((row) => [row.contender.id, brokenBy(row, constraints)]));
  const allowed = rows
    .filter((row) => broken.get(row.contender.id)?.length === 0 && row.score.judged > 0)
    .sort((a, b) => (shareOf(b.score) ?? 0) - (shareOf(a.score) ?? 0) || wholeMs(a) - wholeMs(b));
  const [first, ...others] = allowed.map(({ contender }) => contender.id);
  if (first === undefined) return { broken, best: null };
  return {
    broken,
    best: { contenderId: first, notToldFrom: others.filter((id) => !isBetter(first, id, comparisons)) },
  };
}

const wholeMs = ({ speed }: ContenderRow): number => speed.whole?.median ?? Number.POSITIVE_INFINITY;

const isBetter = (one: ContenderId, other: ContenderId, comparisons: readonly Comparison[]): boolean =>
  comparisons.some(
    ({ first, second, verdict }) =>
      (first === one && second === other && verdict === 'worse') ||
      (first === other && second === one && verdict === 'better'),
  );

function brokenBy({ score, speed, facts }: ContenderRow, constraints: Constraints): Broken[] {
  const { mostMedianMs, mostP95Ms, licenses, mostBytes, mostMemoryBytes, leastScore } = constraints;
  const share = shareOf(score);
  const license = facts?.license?.toLowerCase() ?? null;
  const allowed = licenses?.map((name) => name.toLowerCase());
  return [
    ...above('mostMedianMs', speed.whole?.median ?? null, mostMedianMs),
    ...above('mostP95Ms', speed.whole?.p95 ?? null, mostP95Ms),
    ...unless('licenses', license, allowed && ((name) => allowed.includes(name))),
    ...above('mostBytes', facts?.bytes ?? null, mostBytes),
    ...above('mostMemoryBytes', facts?.memoryBytes ?? null, mostMemoryBytes),
    ...unless('leastScore', share, leastScore === undefined ? undefined : (value) => value >= leastScore),
  ];
}

const above = (constraint: ConstraintName, value: number | null, most: number | undefined): Broken[] =>
  unless(constraint, value, most === undefined ? undefined : (found) => found <= most);

/** @param holds undefined where nothing is asked for */
function unless<Value>(
  constraint: ConstraintName,
  value: Value | null,
  holds: ((value: Value) => boolean) | undefined,
): Broken[] {
  if (holds === undefined) return [];
  if (value === null) return [{ constraint, how: 'unknown' }];
  return holds(value) ? [] : [{ constraint, how: 'breaks' }];
}
