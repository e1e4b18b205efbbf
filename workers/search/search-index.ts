import MiniSearch from 'minisearch';
import type { ConversationId } from '../../src/shared/domain/conversation';
import type { SearchDocument } from '../../src/shared/protocol/search';
import { isPair, queryWords, wordTexts } from '../words';

export interface RankedConversation {
  readonly id: ConversationId;
  readonly title: string;
  /** The words of the conversation that were found: those looked for, and those that begin or are spelt like them. */
  readonly words: readonly string[];
  /** Some of them are only in its files. */
  readonly inFiles: boolean;
}

interface IndexedText {
  readonly id: ConversationId;
  readonly title: string;
  readonly text: string;
  readonly files: string;
}

interface Header {
  readonly title: string;
  readonly titleWords: readonly string[];
  readonly updatedAt: number;
}

/** A beginning of two letters has so many words that all chats are found, and slowly. */
const shortestBeginning = 3;
/** Shorter words are other words when one letter is another. */
const shortestMisspelt = 5;

/** Titles and contents of all conversations, and of the files in them. */
export class SearchIndex {
  readonly #index = new MiniSearch<IndexedText>({
    fields: ['title', 'text', 'files'],
    tokenize: wordTexts,
    // The words are in their final form already.
    processTerm: (word) => word,
    searchOptions: {
      tokenize: queryWords,
      combineWith: 'AND',
      boost: { title: 3, files: 0.5 },
      prefix: (word) => isPair(word) || word.length >= shortestBeginning,
      fuzzy: (word) => (!isPair(word) && word.length >= shortestMisspelt ? 0.2 : false),
    },
  });
  readonly #headers = new Map<ConversationId, Header>();
  #newest = 1;

  get size(): number {
    return this.#headers.size;
  }

  /** Adds a conversation, in the place of an older state of it. */
  put({ id, title, updatedAt, messages, files }: SearchDocument): void {
    this.remove(id);
    this.#headers.set(id, { title, titleWords: wordTexts(title), updatedAt });
    this.#newest = Math.max(this.#newest, updatedAt);
    this.#index.add({
      id,
      title,
      text: messages.map(({ text }) => text).join('\n'),
      files: files.map(({ fileName, text }) => `${fileName ?? ''}\n${text}`).join('\n'),
    });
  }

  remove(id: ConversationId): void {
    if (this.#headers.delete(id)) this.#index.discard(id);
  }

  /** Best first. */
  search(query: string): readonly RankedConversation[] {
    const words = queryWords(query);
    const last = words.at(-1);
    if (last === undefined) return [];
    const found = this.#ranked(query);
    // Somebody is still typing it, probably.
    if (found.length > 0 || isPair(last) || last.length >= shortestBeginning) return found;
    return words.length === 1 ? this.#titlesWith(last) : this.#ranked(words.slice(0, -1).join(' '));
  }

  #ranked(query: string): readonly RankedConversation[] {
    const found = this.#index.search(query).map((result) => {
      const id = String(result.id);
      const inFiles = Object.values(result.match).some(
        (fields) => fields.includes('files') && !fields.includes('text'),
      );
      return { id, score: result.score * this.#recency(id), terms: result.terms, inFiles };
    });
    return found
      .sort((a, b) => b.score - a.score)
      .map(({ id, terms, inFiles }) => ({ id, title: this.#headers.get(id)?.title ?? '', words: terms, inFiles }));
  }

  /** Those with a word in the title that begins so, newest first. */
  #titlesWith(beginning: string): readonly RankedConversation[] {
    return [...this.#headers]
      .map(([id, { title, titleWords, updatedAt }]) => {
        const words = titleWords.filter((word) => word.startsWith(beginning));
        return { id, title, updatedAt, words, inFiles: false };
      })
      .filter(({ words }) => words.length > 0)
      .sort((a, b) => b.updatedAt - a.updatedAt);
  }

  /** Between 1 and 1.5: what was talked about lately is more often what is meant. */
  #recency(id: ConversationId): number {
    const daysOld = (this.#newest - (this.#headers.get(id)?.updatedAt ?? 0)) / 86_400_000;
    return 1 + 0.5 / (1 + Math.max(0, daysOld) / 30);
  }
}
