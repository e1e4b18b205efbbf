import MiniSearch from 'minisearch';
import type { ConversationId } from '../../src/contracts/conversation';
import type { SearchDocument } from '../../src/contracts/search';
import { isPair, queryWords, wordTexts } from './words';

export interface RankedConversation {
  readonly id: ConversationId;
  readonly title: string;
  /** The words of the conversation that were found: those looked for, and those that begin or are spelt like them. */
  readonly words: ReadonlySet<string>;
}

interface IndexedText {
  readonly id: ConversationId;
  readonly title: string;
  readonly text: string;
}

/** A beginning of one letter has half of all words. */
const shortestBeginning = 2;
/** Shorter words are other words when one letter is another. */
const shortestMisspelt = 5;

/** Titles and contents of all conversations. */
export class SearchIndex {
  readonly #index = new MiniSearch<IndexedText>({
    fields: ['title', 'text'],
    tokenize: wordTexts,
    // The words are in their final form already.
    processTerm: (word) => word,
    searchOptions: {
      tokenize: queryWords,
      combineWith: 'AND',
      boost: { title: 3 },
      prefix: (word) => isPair(word) || word.length >= shortestBeginning,
      fuzzy: (word) => (!isPair(word) && word.length >= shortestMisspelt ? 0.2 : false),
      boostDocument: (id) => this.#recency(String(id)),
    },
  });
  readonly #headers = new Map<ConversationId, { readonly title: string; readonly updatedAt: number }>();
  #newest = 1;

  get size(): number {
    return this.#headers.size;
  }

  /** Adds a conversation, in the place of an older state of it. */
  put({ id, title, updatedAt, texts }: SearchDocument): void {
    this.remove(id);
    this.#headers.set(id, { title, updatedAt });
    this.#newest = Math.max(this.#newest, updatedAt);
    this.#index.add({ id, title, text: texts.join('\n') });
  }

  remove(id: ConversationId): void {
    if (this.#headers.delete(id)) this.#index.discard(id);
  }

  /** Best first. */
  search(query: string): readonly RankedConversation[] {
    if (queryWords(query).length === 0) return [];
    return this.#index.search(query).map(({ id, terms }) => ({
      id: String(id),
      title: this.#headers.get(String(id))?.title ?? '',
      words: new Set(terms),
    }));
  }

  /** Between 1 and 1.5: what was talked about lately is more often what is meant. */
  #recency(id: ConversationId): number {
    const daysOld = (this.#newest - (this.#headers.get(id)?.updatedAt ?? 0)) / 86_400_000;
    return 1 + 0.5 / (1 + Math.max(0, daysOld) / 30);
  }
}
