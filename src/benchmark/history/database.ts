import { openDB, type DBSchema, type IDBPDatabase } from 'idb';
import type { BenchmarkResult } from '../statistics/result';
import { benchmarkDatabaseName } from '../../shared/domain/benchmark/suite';
import type { Difference } from '../statistics/comparison';

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

type BenchmarkDatabase = IDBPDatabase<BenchmarkSchema>;

type Migration = (database: BenchmarkDatabase) => void;

/** Entry n takes the database from version n to n + 1. Never changed once released: append. */
const migrations: readonly Migration[] = [
  (database) => {
    // Ids begin with the time, so keys are in its order.
    database.createObjectStore('results', { keyPath: 'id' });
    database.createObjectStore('comparisons', { keyPath: 'id' });
  },
];

/** @throws DOMException where the browser refuses storage */
export function openBenchmarkDatabase(onClosed: () => void): Promise<BenchmarkDatabase> {
  return openDB<BenchmarkSchema>(benchmarkDatabaseName, migrations.length, {
    upgrade(database, oldVersion) {
      for (const step of migrations.slice(oldVersion)) step(database);
    },
    // A newer tab wants to upgrade, or everything is being deleted: let go, else it waits for ever.
    blocking: (_current, _blocked, event) => {
      (event.target as IDBDatabase).close();
      onClosed();
    },
    terminated: onClosed,
  });
}
