/** The search of documents: an index of their words for each collection, their vectors, and what both find together. */
import type { CollectionId, DocumentId, FoundPlace, Passage } from '../../src/shared/domain/collection';
import type { PlacesQuery, RankedPlaces, SearchableDocument } from '../../src/shared/protocol/documents';
import { fused } from './fuse';
import { PassageIndex, type RankedPassage } from './passage-index';
import { marksIn } from './terms';
import { VectorTable } from './vector-table';

interface KnownDocument extends Omit<SearchableDocument, 'text' | 'vectors'> {
  /** Of its first passage; the others follow. */
  readonly firstId: number;
  readonly text: string;
  readonly vectors: VectorTable | null;
}

interface KnownPassage {
  readonly document: KnownDocument;
  readonly passage: Passage;
}

/** So many of each order are put together. */
const considered = 60;
/** With less of what was asked about, by weight, the passages tell of something else. */
const nearShare = 0.3;
/** In standard deviations, beyond what the largest of as many random numbers has. */
const outstanding = 1;

export class PlaceSearch {
  readonly #documents = new Map<DocumentId, KnownDocument>();
  readonly #passages = new Map<number, KnownPassage>();
  readonly #indexes = new Map<CollectionId, PassageIndex>();
  #nextId = 0;

  async put(document: SearchableDocument): Promise<void> {
    const text = await document.text.text();
    const { vectors: given } = document;
    const vectors = given ? new VectorTable(await given.bytes.arrayBuffer(), given.modelId, given.dimensions) : null;
    const known = this.#documents.get(document.id);
    const isSame = known?.text === text && known.name === document.name && known.collectionId === document.collectionId;
    // Vectors come while words stay: the words need not be read again.
    const firstId = isSame ? known.firstId : this.#nextId;
    if (!isSame) this.remove(document.id);
    const next: KnownDocument = { ...document, text, vectors, firstId };
    this.#documents.set(document.id, next);
    for (const [index, passage] of document.passages.entries())
      this.#passages.set(firstId + index, { document: next, passage });
    if (isSame) return;
    this.#nextId += document.passages.length;
    const words = this.#indexes.get(document.collectionId) ?? new PassageIndex();
    this.#indexes.set(document.collectionId, words);
    for (const [index, passage] of document.passages.entries())
      words.add(firstId + index, document.name, passage, text.slice(passage.start, passage.end));
  }

  remove(id: DocumentId): void {
    const known = this.#documents.get(id);
    if (!known) return;
    const words = this.#indexes.get(known.collectionId);
    for (const [index, passage] of known.passages.entries()) {
      words?.remove(known.firstId + index, passage, known.text.slice(passage.start, passage.end));
      this.#passages.delete(known.firstId + index);
    }
    this.#documents.delete(id);
    if (words?.size === 0) this.#indexes.delete(known.collectionId);
  }

  search({ query, collectionIds, limit, vectors }: PlacesQuery): RankedPlaces {
    const found = collectionIds.flatMap((id) => this.#indexes.get(id)?.search(query) ?? []);
    const words = bestOf(found.flatMap(({ ranked }) => ranked));
    const near = this.#nearest(collectionIds, vectors);
    const order = near === null ? words : fused([words, bestOf(near)]);
    const terms = new Set(found.flatMap((matches) => [...matches.terms]));
    const share = Math.max(0, ...found.map((matches) => matches.share));
    return {
      places: this.#places(order, limit, terms),
      byVectors: near !== null,
      isFar: share < nearShare && (near === null || !standsOut(near)),
    };
  }

  /** Null where there are no vectors to compare. */
  #nearest(collectionIds: readonly CollectionId[], vectors: PlacesQuery['vectors']): readonly RankedPassage[] | null {
    const ranked: RankedPassage[] = [];
    for (const { collectionId, firstId, vectors: table } of this.#documents.values()) {
      if (!table || !collectionIds.includes(collectionId)) continue;
      const question = vectors.find(({ modelId }) => modelId === table.modelId)?.vector;
      if (question?.length !== table.dimensions) continue;
      const cosines = new Float32Array(table.count);
      table.cosines(question, cosines, 0);
      for (const [index, score] of cosines.entries()) ranked.push({ id: firstId + index, score });
    }
    return ranked.length > 0 ? ranked : null;
  }

  #places(order: readonly number[], limit: number, terms: ReadonlySet<string>): readonly FoundPlace[] {
    const places: FoundPlace[] = [];
    const seen = new Set<string>();
    for (const id of order) {
      if (places.length >= limit) break;
      const known = this.#passages.get(id);
      if (!known) continue;
      const { document, passage } = known;
      const { start, end } = withoutShown(passage, document.id, places);
      const text = document.text.slice(start, end);
      // The same file under two names, or twice in one collection.
      if (text.trim() === '' || seen.has(text)) continue;
      seen.add(text);
      places.push({
        collectionId: document.collectionId,
        documentId: document.id,
        documentName: document.name,
        ...passage,
        start,
        end,
        text,
        marks: marksIn(text, terms),
      });
    }
    return places;
  }
}

/**
 * Whether a passage is nearer to the question than chance makes the nearest of so many. How near is near differs from model to model;
 * how far one stands out of the others does not.
 */
function standsOut(ranked: readonly RankedPassage[]): boolean {
  const count = ranked.length;
  // Of a few, none can stand out.
  if (count < 10) return false;
  let best = -1;
  let sum = 0;
  let squares = 0;
  for (const { score } of ranked) {
    best = Math.max(best, score);
    sum += score;
    squares += score * score;
  }
  const mean = sum / count;
  const deviation = Math.sqrt(Math.max(0, squares / count - mean * mean));
  return deviation > 0 && (best - mean) / deviation > Math.sqrt(2 * Math.log(count)) + outstanding;
}

const bestOf = (ranked: readonly RankedPassage[]): readonly number[] =>
  ranked
    .toSorted((a, b) => b.score - a.score)
    .slice(0, considered)
    .map(({ id }) => id);

/** Neighbors overlap; what stands in a better place already is not told twice. */
function withoutShown(passage: Passage, documentId: DocumentId, places: readonly FoundPlace[]): Passage {
  let { start, end } = passage;
  for (const place of places) {
    if (place.documentId !== documentId) continue;
    if (place.start <= start && place.end > start) start = Math.min(end, place.end);
    else if (place.start < end && place.end >= end) end = Math.max(start, place.start);
  }
  return { ...passage, start, end };
}
