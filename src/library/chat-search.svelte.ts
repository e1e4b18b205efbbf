import searchWorkerUrl from '../../workers/search.worker.ts?worker&url';
import type { ConversationId } from '../shared/domain/conversation';
import type { SearchDocument, SearchHit, SearchReply, SearchRequest } from '../shared/protocol/search';
import { filesOf, searchDocument } from '../shared/domain/search-document';
import { startWorker } from '../shared/platform/trusted-worker';
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
  #worker: Worker | null = null;
  #query = '';
  #lastId = 0;
  #inMemory = false;
  #stopListening: (() => void) | undefined;
  #fed: readonly ConversationId[] = [];
  #feeding: Promise<void> = Promise.resolve();

  constructor(private readonly store: ChatsStore) {
    try {
      this.#worker = startWorker(searchWorkerUrl, 'search');
    } catch {
      this.#state = 'failed';
      return;
    }
    this.#worker.onmessage = ({ data }: MessageEvent<SearchReply>) => this.#take(data);
    this.#worker.onerror = () => (this.#state = 'failed');
    this.#inMemory = !store.persistent;
    const vault = store.lock?.vault;
    const tellKey = (): void => {
      if (vault?.key) this.#ask({ type: 'use-key', key: vault.key });
    };
    tellKey();
    this.#stopListening = vault?.listen(tellKey);
    if (this.#inMemory) this.#state = 'ready';
    else this.#ask({ type: 'read-database' });
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
    else if (this.#inMemory) void this.#feeding.then(() => this.#askFor(id));
    else this.#askFor(id);
  }

  /** Ends the worker. Searches are not answered any more. */
  close(): void {
    this.#stopListening?.();
    this.#worker?.terminate();
  }

  /** Where chats are only in memory, those of this visit: the worker cannot read them itself. */
  async #feed(): Promise<void> {
    const ids = (await this.store.conversations.list()).map(({ id }) => id);
    const records = await this.store.conversations.readWhole(ids);
    const documents = await Promise.all(records.map((record) => this.#documentOf(record)));
    const gone = this.#fed.filter((id) => !ids.includes(id));
    this.#fed = ids;
    this.#ask({ type: 'feed', documents, gone });
  }

  async #documentOf({ conversation, messages }: ConversationRecord): Promise<SearchDocument> {
    const files = await this.store.attachments.read([...filesOf(messages)]);
    const texts = await Promise.all(files.map(async ({ id, text }) => [id, await text.text()] as const));
    return searchDocument(conversation, messages, new Map(texts));
  }

  #askFor(id: number): void {
    if (id === this.#lastId) this.#ask({ type: 'search', id, query: this.#query, limit });
  }

  #ask(request: SearchRequest): void {
    this.#worker?.postMessage(request);
  }

  #take(reply: SearchReply): void {
    if (reply.type === 'found') {
      // An older answer never takes the place of a newer one.
      if (reply.id !== this.#lastId) return;
      this.#hits = reply.hits;
      this.#total = reply.total;
    } else if (reply.type === 'failed') {
      this.#state = 'failed';
    } else {
      this.#state = reply.type === 'ready' ? 'ready' : 'building';
      if (reply.type === 'progress') this.#fraction = reply.total > 0 ? reply.read / reply.total : 0;
      // There may be more now.
      if (this.#query !== '') this.search(this.#query);
    }
  }
}
