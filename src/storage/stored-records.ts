import type { ChatSettings } from '../shared/domain/chat-settings';
import type { AllTables, Table, Tables } from './tables';
import type { RecordRepository } from './records';

type RecordTable = 'drafts' | 'personas' | 'keptRecords' | 'servers';
type ValueOf<Name extends RecordTable> = AllTables[Name] extends { get(id: string): Promise<infer V | undefined> }
  ? V & { readonly id: string }
  : never;

/** Records of one table. */
export class StoredRecords<Name extends RecordTable> implements RecordRepository<ValueOf<Name>> {
  constructor(
    private readonly tables: Tables,
    private readonly name: Name,
  ) {}

  list(): Promise<readonly ValueOf<Name>[]> {
    return this.#run('readonly', (table) => table.all());
  }

  read(id: string): Promise<ValueOf<Name> | null> {
    return this.#run('readonly', async (table) => (await table.get(id)) ?? null);
  }

  write(value: ValueOf<Name>): Promise<void> {
    return this.#run('readwrite', (table) => table.put(value));
  }

  add(values: readonly ValueOf<Name>[]): Promise<number> {
    return this.#run('readwrite', async (table) => {
      const known = await Promise.all(values.map(({ id }) => table.has(id)));
      const fresh = values.filter((_, index) => !known[index]);
      await Promise.all(fresh.map((value) => table.put(value)));
      return fresh.length;
    });
  }

  remove(id: string): Promise<ValueOf<Name> | null> {
    return this.#run('readwrite', async (table) => {
      const stored = await table.get(id);
      await table.delete(id);
      return stored ?? null;
    });
  }

  #run<T>(mode: 'readonly' | 'readwrite', work: (table: Table<ValueOf<Name>>) => Promise<T>): Promise<T> {
    return this.tables.run(mode, [this.name], (tables) => work(tables[this.name] as never));
  }
}

/** What a person has set for all conversations. */
export class StoredDefaults {
  constructor(private readonly tables: Tables) {}

  /** Empty where nothing has been set. */
  read(): Promise<ChatSettings> {
    return this.tables.run('readonly', ['settings'], async ({ settings }) => {
      const stored = await settings.get('defaults');
      return stored?.value ?? {};
    });
  }

  write(value: ChatSettings): Promise<void> {
    return this.tables.run('readwrite', ['settings'], ({ settings }) => settings.put({ id: 'defaults', value }));
  }
}
