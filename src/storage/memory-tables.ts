import type { Attachment } from '../shared/domain/attachment';
import type { Conversation, Message } from '../shared/domain/conversation';
import type { AllTables, ConversationTable, PartTable, Table, TableName, Tables } from './tables';

class MemoryTable<Value extends { readonly id: string }> implements Table<Value> {
  protected readonly values = new Map<string, Value>();

  get(id: string): Promise<Value | undefined> {
    return Promise.resolve(this.values.get(id));
  }
  has(id: string): Promise<boolean> {
    return Promise.resolve(this.values.has(id));
  }
  all(): Promise<readonly Value[]> {
    return Promise.resolve([...this.values.values()]);
  }
  startingWith(prefix: string): Promise<readonly Value[]> {
    return Promise.resolve([...this.values.values()].filter(({ id }) => id.startsWith(prefix)));
  }
  put(value: Value): Promise<void> {
    this.values.set(value.id, value);
    return Promise.resolve();
  }
  delete(id: string): Promise<void> {
    this.values.delete(id);
    return Promise.resolve();
  }
}

class MemoryPartTable<Value extends Message | Attachment> extends MemoryTable<Value> implements PartTable<Value> {
  of(conversationId: string): Promise<readonly Value[]> {
    return Promise.resolve([...this.values.values()].filter((value) => value.conversationId === conversationId));
  }
  async idsOf(conversationId: string): Promise<readonly string[]> {
    return (await this.of(conversationId)).map(({ id }) => id);
  }
}

class MemoryConversationTable extends MemoryTable<Conversation> implements ConversationTable {
  newestFirst(): Promise<readonly Conversation[]> {
    return Promise.resolve([...this.values.values()].sort((a, b) => b.updatedAt - a.updatedAt));
  }
  async newest(count: number, accept: (conversation: Conversation) => boolean): Promise<readonly Conversation[]> {
    return (await this.newestFirst()).filter(accept).slice(0, count);
  }
  async pinned(): Promise<readonly Conversation[]> {
    return (await this.newestFirst()).filter(({ pinned }) => pinned);
  }
}

/** Stands in where the browser refuses storage (private mode): everything works until the page is closed. */
export class MemoryTables implements Tables {
  readonly #tables: AllTables = {
    conversations: new MemoryConversationTable(),
    messages: new MemoryPartTable<Message>(),
    attachments: new MemoryPartTable<Attachment>(),
    drafts: new MemoryTable(),
    personas: new MemoryTable(),
    settings: new MemoryTable(),
    keptRecords: new MemoryTable(),
    labSets: new MemoryTable(),
    labRuns: new MemoryTable(),
    labAnswers: new MemoryTable(),
    labChoices: new MemoryTable(),
    servers: new MemoryTable(),
    collections: new MemoryTable(),
    documents: new MemoryTable(),
    documentContents: new MemoryTable(),
  };
  #queue: Promise<unknown> = Promise.resolve();

  run<Name extends TableName, T>(
    _mode: 'readonly' | 'readwrite',
    _names: readonly Name[],
    work: (tables: Pick<AllTables, Name>) => Promise<T>,
  ): Promise<T> {
    // One after the other, as transactions are: what one has read, no other changes before it has written.
    const result = this.#queue.then(() => work(this.#tables));
    this.#queue = result.catch(() => {});
    return result;
  }
}
