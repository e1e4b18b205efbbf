import searchWorkerUrl from '../../workers/search.worker.ts?worker&url';
import type { ConversationId } from '../shared/domain/conversation';
import type { SearchApi, SearchDocument, SearchHit, SearchProgress } from '../shared/protocol/search';
import { filesOf, searchDocument } from '../shared/domain/search-document';
import { startWorker } from '../shared/platform/trusted-worker';
import { WorkerHandle } from '../shared/platform/worker-handle';
import type { ChatsStore } from '../storage/chats-store';
import type { ConversationRecord } from '../storage/conversation-repository';

/** Hits that are shown; whoever wants more of them is better served by one more word. */
const limit = 30;

/** The page's side of the search worker. Made when a person first goes to the searchbox. */
export class ChatSearch {
  #hits = $state.raw<readonly SearchHit[] | null>(null);
  #total = $state(0);
  #state = $state.raw<'building' | 'ready' | 'failed'>('building');
  #fraction = $state(0);
  readonly #worker = new WorkerHandle<SearchApi, SearchProgress>({
    start: () => startWorker(searchWorkerUrl, 'search'),
    name: 'the search worker',
    crashed: 'unexpected',
    hear: ({ read, total }) => this.#grown('building', total > 0 ? read / total : 0),
    ended: () => this.#fail(),
  });
  #query = '';
  #lastId = 0;
  #inMemory = false;
  #stopListening: (() => void) | undefined;
  #fed: readonly ConversationId[] = [];
  #feeding: Promise<void> = Promise.resolve();

  constructor(private readonly store: ChatsStore) {
    this.#inMemory = !store.persistent;
    const vault = store.lock?.vault;
    const tellKey = (): void => {
      if (vault?.key) void this.#worker.running?.useKey(vault.key).catch(this.#fail);
    };
    try {
      const search = this.#worker.start();
      tellKey();
      this.#stopListening = vault?.listen(tellKey);
      if (this.#inMemory) this.#state = 'ready';
      else void search.readDatabase().then(() => this.#grown('ready'), this.#fail);
    } catch {
      this.#fail();
    }
  }

  /** For the newest query that has been answered, best first; null before there is one. */
  get hits(): readonly SearchHit[] | null {
    return this.#hits;
  }
  /** How many conversations were found, shown or not. */
  get total(): number {
    return this.#total;
  }
  /** While it is building, what is found is part of what there is. */
  get state(): 'building' | 'ready' | 'failed' {
    return this.#state;
  }
  /** Share of the conversations that can be found, 0 to 1. */
  get fraction(): number {
    return this.#fraction;
  }

  search(query: string): void {
    if (this.#inMemory && this.#query === '') this.#feeding = this.#feed();
    this.#query = query.trim();
    const id = ++this.#lastId;
    if (this.#query === '') this.#hits = null;
    else if (this.#inMemory) void this.#feeding.then(() => this.#ask(id));
    else void this.#ask(id);
  }

  /** Ends the worker. Searches are not answered any more. */
  close(): void {
    this.#stopListening?.();
    this.#worker.end();
  }

  /** Where chats are only in memory, those of this visit: the worker cannot read them itself. */
  async #feed(): Promise<void> {
    const ids = (await this.store.conversations.list()).map(({ id }) => id);
    const records = await this.store.conversations.readWhole(ids);
    const documents = await Promise.all(records.map((record) => this.#documentOf(record)));
    const gone = this.#fed.filter((id) => !ids.includes(id));
    this.#fed = ids;
    void this.#worker.running?.feed(documents, gone).catch(this.#fail);
  }

  async #documentOf({ conversation, messages }: ConversationRecord): Promise<SearchDocument> {
    const files = await this.store.attachments.read([...filesOf(messages)]);
    const texts = await Promise.all(files.map(async ({ id, text }) => [id, await text.text()] as const));
    return searchDocument(conversation, messages, new Map(texts));
  }

  async #ask(id: number): Promise<void> {
    if (id !== this.#lastId) return;
    try {
      const found = await this.#worker.running?.search(this.#query, limit);
      // An older answer never takes the place of a newer one.
      if (!found || id !== this.#lastId) return;
      this.#hits = found.hits;
      this.#total = found.total;
    } catch {
      this.#fail();
    }
  }

  /** More can be found than before. */
  #grown(state: 'building' | 'ready', fraction = this.#fraction): void {
    this.#state = state;
    this.#fraction = fraction;
    if (this.#query !== '') this.search(this.#query);
  }

  readonly #fail = (): void => {
    this.#state = 'failed';
  };
}
