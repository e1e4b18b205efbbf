import { FailureError } from '../../../src/shared/protocol/failure';
import { openWeightsDatabase, type WeightsDatabase } from './weights-database';

/** The connection to the weights database: opened when it is first needed, and again when it was closed. */
export class WeightsConnection {
  #database: Promise<WeightsDatabase> | null = null;

  /** Runs `work` on the database; once more on a new connection if the old one turns out to be closed. */
  async use<T>(work: (database: WeightsDatabase) => Promise<T>): Promise<T> {
    try {
      return await work(await this.#open());
    } catch (error) {
      if (!(error instanceof DOMException) || error.name !== 'InvalidStateError') throw error;
      this.#database = null;
      return work(await this.#open());
    }
  }

  #open(): Promise<WeightsDatabase> {
    this.#database ??= new Promise<WeightsDatabase>((resolve, reject) => {
      const fail = (kind: 'storage-blocked' | 'storage-outdated', technical: string): void =>
        reject(new FailureError({ kind, technical }));
      openWeightsDatabase({
        onBlocked: () => fail('storage-blocked', 'an older tab keeps the weights open'),
        onClosed: () => (this.#database = null),
      }).then(resolve, (error: unknown) => {
        // A newer version of the app has upgraded the database: this tab is the old one.
        if (error instanceof DOMException && error.name === 'VersionError') fail('storage-outdated', error.message);
        else reject(error);
      });
    });
    this.#database.catch(() => (this.#database = null));
    return this.#database;
  }
}
