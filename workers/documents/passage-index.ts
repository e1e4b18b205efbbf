/** The words of all passages of a collection: BM25. */
import MiniSearch from 'minisearch';
import type { Passage } from '../../src/shared/domain/collection';
import { isPair, queryTerms, termsOf } from './terms';

interface IndexedPassage {
  readonly id: number;
  readonly text: string;
  readonly headings: string;
  readonly name: string;
}

export interface RankedPassage {
  readonly id: number;
  readonly score: number;
}

export interface WordMatches {
  /** Best first. */
  readonly ranked: readonly RankedPassage[];
  /** Of what the question asks about, the share that the best of them have, rare words counting more; 0 to 1. */
  readonly share: number;
  /** The words that were found, as `termsOf` gives them. */
  readonly terms: ReadonlySet<string>;
}

/** A name that nothing has may be misspelt; shorter words are other words when one letter is another. */
const shortestMisspelt = 5;
/** So many of the best are looked at for what they have of the question. */
const looked = 10;

const termsIn = ({ headings = [] }: Passage, text: string): ReadonlySet<string> =>
  new Set(termsOf(`${headings.join('\n')}\n${text}`));

export class PassageIndex {
  readonly #index = new MiniSearch<IndexedPassage>({
    fields: ['text', 'headings', 'name'],
    tokenize: termsOf,
    // The words are in their final form already.
    processTerm: (term) => term,
    searchOptions: { boost: { headings: 1.5, name: 0.7 } },
  });
  /** In how many passages a word stands. */
  readonly #counts = new Map<string, number>();

  get size(): number {
    return this.#index.documentCount;
  }

  add(id: number, name: string, passage: Passage, text: string): void {
    this.#index.add({ id, name, headings: passage.headings?.join('\n') ?? '', text });
    for (const term of termsIn(passage, text)) this.#counts.set(term, (this.#counts.get(term) ?? 0) + 1);
  }

  /** @param text the same as when it was added */
  remove(id: number, passage: Passage, text: string): void {
    this.#index.discard(id);
    for (const term of termsIn(passage, text)) {
      const count = this.#counts.get(term) ?? 0;
      if (count > 1) this.#counts.set(term, count - 1);
      else this.#counts.delete(term);
    }
  }

  search(query: string): WordMatches {
    const wanted = queryTerms(query);
    const missing = new Set(wanted.filter((term) => !this.#counts.has(term)));
    const found = this.#index.search(wanted.join(' '), {
      tokenize: () => [...wanted],
      fuzzy: (term) => (missing.has(term) && !isPair(term) && term.length >= shortestMisspelt ? 0.2 : false),
      prefix: (term) => missing.has(term) && !isPair(term) && term.length >= 3,
    });
    const weights = new Map(wanted.map((term) => [term, this.#weightOf(term)]));
    const all = [...weights.values()].reduce((sum, weight) => sum + weight, 0);
    const shares = found
      .slice(0, looked)
      .map(({ queryTerms: terms }) => terms.reduce((sum, term) => sum + (weights.get(term) ?? 0), 0) / all);
    return {
      ranked: found.map(({ id, score }) => ({ id: Number(id), score })),
      share: all > 0 ? Math.max(0, ...shares) : 0,
      terms: new Set(found.slice(0, looked).flatMap(({ terms }) => terms)),
    };
  }

  /** How much a word tells: the fewer passages have it, the more. */
  #weightOf(term: string): number {
    const count = this.#counts.get(term) ?? 0;
    // Of two characters side by side that stand nowhere, most belong to two words.
    if (count === 0 && isPair(term)) return 1.2;
    return Math.log(1 + (this.size - count + 0.5) / (count + 0.5));
  }
}
