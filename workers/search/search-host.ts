import { conversationChannelName } from '../../src/shared/platform/chats-database';
import type { ConversationId } from '../../src/shared/domain/conversation';
import type { SearchDocument, SearchHit, SearchReply, SearchRequest } from '../../src/shared/protocol/search';
import type { ChatsReader } from './chats-reader';
import { hitPlace } from './hit-place';
import { markedText } from './marked-text';
import { SearchIndex, type RankedConversation } from './search-index';

type Search = Extract<SearchRequest, { type: 'search' }>;

/** How often progress is told, in ms. */
const progressIntervalMs = 200;

const breath = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

/** Builds the index, keeps it up to date, and answers. */
export class SearchHost {
  readonly #index = new SearchIndex();
  /** Texts that the page has told, where there is no database to read them from. */
  readonly #fed = new Map<ConversationId, SearchDocument>();
  #reads = false;
  #newest: Search | null = null;
  #answering = false;

  constructor(
    private readonly reader: ChatsReader,
    private readonly reply: (reply: SearchReply) => void,
  ) {}

  take(request: SearchRequest): void {
    if (request.type === 'read-database') void this.#readDatabase();
    else if (request.type === 'use-key') this.reader.useKey(request.key);
    else if (request.type === 'feed') this.#feed(request.documents, request.gone);
    else {
      this.#newest = request;
      if (!this.#answering) void this.#answer();
    }
  }

  #feed(documents: readonly SearchDocument[], gone: readonly ConversationId[]): void {
    for (const document of documents) {
      this.#index.put(document);
      this.#fed.set(document.id, document);
    }
    for (const id of gone) {
      this.#index.remove(id);
      this.#fed.delete(id);
    }
  }

  async #readDatabase(): Promise<void> {
    this.#reads = true;
    // Before the first read: what is written while the index is being built must not be missed.
    const changed = new Set<ConversationId>();
    let built = false;
    this.#listen((ids) => {
      if (built) void this.#refresh(ids);
      else for (const id of ids) changed.add(id);
    });
    try {
      let toldAt = 0;
      for await (const { documents, total } of this.reader.all()) {
        for (const document of documents) this.#index.put(document);
        if (performance.now() - toldAt > progressIntervalMs) {
          this.reply({ type: 'progress', read: this.#index.size, total });
          toldAt = performance.now();
        }
        // Searches that came meanwhile are answered from what is there.
        await breath();
      }
      built = true;
      await this.#refresh(changed);
      this.reply({ type: 'ready' });
    } catch (error) {
      this.reply({ type: 'failed', technical: String(error) });
    }
  }

  #listen(listener: (ids: readonly ConversationId[]) => void): void {
    if (!('BroadcastChannel' in self)) return;
    new BroadcastChannel(conversationChannelName).onmessage = ({ data }: MessageEvent<unknown>) =>
      listener((Array.isArray(data) ? data : [data]).filter((id) => typeof id === 'string'));
  }

  async #refresh(ids: Iterable<ConversationId>): Promise<void> {
    for (const id of ids) {
      const [document] = await this.reader.read([id], new Set([id])).catch(() => []);
      if (document) this.#index.put(document);
      else this.#index.remove(id);
    }
  }

  /** Answers the newest search; those that it has overtaken are not answered. */
  async #answer(): Promise<void> {
    this.#answering = true;
    while (this.#newest) {
      const search = this.#newest;
      this.#newest = null;
      const ranked = this.#index.search(search.query);
      const best = ranked.slice(0, search.limit);
      const documents = await this.#documents(best);
      const hits = best.map((conversation) => hitOf(conversation, documents.get(conversation.id)));
      this.reply({ type: 'found', id: search.id, hits, total: ranked.length });
    }
    this.#answering = false;
  }

  /** Read now: all texts of a year in memory, only for this, would be too much. */
  async #documents(found: readonly RankedConversation[]): Promise<ReadonlyMap<ConversationId, SearchDocument>> {
    const ids = found.map(({ id }) => id);
    // Files can be long, and most hits are in what was said.
    const withFiles = new Set(found.flatMap(({ id, inFiles }) => (inFiles ? [id] : [])));
    const documents = this.#reads
      ? await this.reader.read(ids, withFiles).catch(() => [])
      : ids.flatMap((id) => this.#fed.get(id) ?? []);
    return new Map(documents.map((document) => [document.id, document]));
  }
}

function hitOf({ id, title, words }: RankedConversation, document: SearchDocument | undefined): SearchHit {
  const wanted = new Set(words);
  return { conversationId: id, title: markedText(title, wanted), place: document ? hitPlace(document, wanted) : null };
}
