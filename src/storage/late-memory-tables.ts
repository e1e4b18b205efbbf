import { loadPart } from '../ui/load-part';
import type { AllTables, TableName, Tables } from './tables';

/** Tables in memory whose code comes with the first record: few visits need them. */
export class LateMemoryTables implements Tables {
  #tables: Promise<Tables> | null = null;

  async run<Name extends TableName, T>(
    mode: 'readonly' | 'readwrite',
    names: readonly Name[],
    work: (tables: Pick<AllTables, Name>) => Promise<T>,
  ): Promise<T> {
    this.#tables ??= loadPart(() => import('./memory-tables')).then(({ MemoryTables }) => new MemoryTables());
    // Asked again where the network was gone.
    this.#tables.catch(() => (this.#tables = null));
    return (await this.#tables).run(mode, names, work);
  }
}
