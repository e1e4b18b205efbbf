import { LatePart } from '../ui/late-part.svelte';
import { loadPart } from '../ui/load-part';
import type { AllTables, TableName, Tables } from './tables';

/** Tables in memory whose code comes with the first record: few visits need them. */
export class LateMemoryTables implements Tables {
  readonly #tables = new LatePart(async () => {
    const { MemoryTables } = await loadPart(() => import('./memory-tables'));
    return new MemoryTables();
  });

  async run<Name extends TableName, T>(
    mode: 'readonly' | 'readwrite',
    names: readonly Name[],
    work: (tables: Pick<AllTables, Name>) => Promise<T>,
  ): Promise<T> {
    return (await this.#tables.open()).run(mode, names, work);
  }
}
