import type { DBSchema } from 'idb';
import type { BenchmarkResult } from '../statistics/result';
import { benchmarkDatabaseName } from '../../shared/domain/benchmark/suite';
import type { Difference } from '../statistics/comparison';
import type { DatabaseDefinition } from '../../shared/platform/open-database';

/** Two things measured in turn in one session, and what came of it. */
export interface StoredComparison {
  readonly id: string;
  readonly started: string;
  readonly suite: string;
  readonly sides: readonly [string, string];
  /** Ids of the two results. */
  readonly results: readonly [string, string];
  readonly tests: readonly {
    readonly name: string;
    readonly ratios: readonly number[];
    readonly difference: Difference | null;
  }[];
}

export interface BenchmarkSchema extends DBSchema {
  results: { key: string; value: BenchmarkResult };
  comparisons: { key: string; value: StoredComparison };
}

export const benchmarkDatabase: DatabaseDefinition<BenchmarkSchema> = {
  name: benchmarkDatabaseName,
  refused: 'result-not-kept',
  migrations: [
    (database) => {
      // Ids begin with the time, so keys are in its order.
      database.createObjectStore('results', { keyPath: 'id' });
      database.createObjectStore('comparisons', { keyPath: 'id' });
    },
  ],
};
