import { conversationChannelName } from '../../src/shared/platform/chats-database';
import type { ConversationId } from '../../src/shared/domain/conversation';
import type {
  FoundChats,
  SearchApi,
  SearchDocument,
  SearchHit,
  SearchProgress,
} from '../../src/shared/protocol/search';
import type { ChatsReader } from './chats-reader';
import { hitPlace } from './hit-place';
import { markedText } from './marked-text';
import { SearchIndex, type RankedConversation } from './search-index';

/** How often progress is told, in ms. */
const progressIntervalMs = 200;

const breath = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

/** Builds the index, keeps it up to date, and answers. */
export class SearchHost implements SearchApi {
  readonly #index = new SearchIndex();
  /** Texts that the page has told, where there is no database to read them from. */
  readonly #fed = new Map<ConversationId, SearchDocument>();
  #reads = false;
  #searches = 0;
  #answering: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly reader: ChatsReader,
    private readonly tell: (progress: SearchProgress) => void,
  ) {}

  useKey(key: CryptoKey): Promise<void> {
    this.reader.useKey(key);
    return Promise.resolve();
  }

  feed(documents: readonly SearchDocument[], gone: readonly ConversationId[]): Promise<void> {
    for (const document of documents) {
      this.#index.put(document);
      this.#fed.set(document.id, document);
    }
    for (const id of gone) {
      this.#index.remove(id);
      this.#fed.delete(id);
    }
    return Promise.resolve();
  }

  async readDatabase(): Promise<void> {
    this.#reads = true;
    // Before the first read: what is written while the index is being built must not be missed.
    const changed = new Set<ConversationId>();
    let built = false;
    this.#listen((ids) => {
      if (built) void this.#refresh(ids);
      else for (const id of ids) changed.add(id);
    });
    let toldAt = 0;
    for await (const { documents, total } of this.reader.all()) {
      for (const document of documents) this.#index.put(document);
      if (performance.now() - toldAt > progressIntervalMs) {
        this.tell({ read: this.#index.size, total });
        toldAt = performance.now();
      }
      // Searches that came meanwhile are answered from what is there.
      await breath();
    }
    built = true;
    await this.#refresh(changed);
  }

  async search(query: string, limit: number): Promise<FoundChats | null> {
    const turn = ++this.#searches;
    await this.#answering;
    if (turn !== this.#searches) return null;
    const answer = this.#answer(query, limit);
    this.#answering = answer.catch(() => undefined);
    return answer;
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

  async #answer(query: string, limit: number): Promise<FoundChats> {
    const ranked = this.#index.search(query);
    const best = ranked.slice(0, limit);
    const documents = await this.#documents(best);
    const hits = best.map((conversation) => hitOf(conversation, documents.get(conversation.id)));
    return { hits, total: ranked.length };
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
