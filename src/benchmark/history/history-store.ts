/**
 * Results of this device, in a database of their own. What fails, fails with `result-not-kept`, unless another tab is in the way:
 * `storage-blocked`, `storage-outdated`.
 */
import type { IDBPDatabase } from 'idb';
import type { BenchmarkResult } from '../statistics/result';
import { DatabaseConnection } from '../../shared/platform/database-connection';
import { failureFrom, type Result } from '../../shared/protocol/failure';
import { benchmarkDatabase, type BenchmarkSchema, type StoredComparison } from './database';

type Database = IDBPDatabase<BenchmarkSchema>;

/** Older ones make way: a Standard result takes some ten kilobytes. */
const mostResults = 500;

export class HistoryStore {
  readonly #connection = new DatabaseConnection(benchmarkDatabase);

  /** Newest first. */
  results(): Promise<Result<readonly BenchmarkResult[]>> {
    return this.#use(async (database) => (await database.getAll('results')).reverse());
  }

  comparisons(): Promise<Result<readonly StoredComparison[]>> {
    return this.#use(async (database) => (await database.getAll('comparisons')).reverse());
  }

  /** Puts a result away, in the place of an unfinished one of the same run. */
  keep(result: BenchmarkResult): Promise<Result<null>> {
    return this.#use(async (database) => {
      const transaction = database.transaction('results', 'readwrite');
      await Promise.all([transaction.store.put(result), transaction.done]);
      const keys = await database.getAllKeys('results');
      for (const key of keys.slice(0, Math.max(0, keys.length - mostResults))) await database.delete('results', key);
      return null;
    });
  }

  keepComparison(comparison: StoredComparison): Promise<Result<null>> {
    return this.#use(async (database) => {
      await database.put('comparisons', comparison);
      const keys = await database.getAllKeys('comparisons');
      for (const key of keys.slice(0, Math.max(0, keys.length - mostResults)))
        await database.delete('comparisons', key);
      return null;
    });
  }

  removeComparison(id: string): Promise<Result<null>> {
    return this.#use(async (database) => {
      await database.delete('comparisons', id);
      return null;
    });
  }

  remove(id: string): Promise<Result<null>> {
    return this.#use(async (database) => {
      await database.delete('results', id);
      return null;
    });
  }

  async #use<T>(work: (database: Database) => Promise<T>): Promise<Result<T>> {
    try {
      return { ok: true, value: await this.#connection.use(work) };
    } catch (error) {
      return { ok: false, failure: failureFrom(error, 'result-not-kept') };
    }
  }
}
