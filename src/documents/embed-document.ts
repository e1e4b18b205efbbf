import type { CollectionDocument, CollectionId, DocumentContent, Embedder, Passage } from '../shared/domain/collection';
import { failed, type Result } from '../shared/protocol/failure';
import type { StoredCollections } from '../storage/stored-collections';
import { writeVector } from './document-vectors';
import type { Embedding } from './embedding';

/** A batch is to take about so long, in ms: a question waits for its end. */
const batchMs = 800;
const mostTogether = 32;
/** How often what there is of a long document is stored, in ms: each time, its file is written with it. */
const keptEveryMs = 30_000;

interface Watch {
  readonly signal: AbortSignal;
  readonly changed: (document: CollectionDocument) => void;
  /** @param passageSeconds what the vector of one passage takes */
  readonly progress: (fraction: number, passageSeconds: number) => void;
}

/** What a model is given of a passage: also what it stands under, without which many say little. */
const passageText = (text: string, { start, end, headings = [] }: Passage): string =>
  [...headings, text.slice(start, end)].join('\n');

/** Makes the vectors of a document, from where it was left the last time. */
export class DocumentEmbedder {
  constructor(
    private readonly store: StoredCollections,
    private readonly embedding: Embedding,
    /** Notes how long the vectors of an embedder are, when the first is there. */
    private readonly learnDimensions: (id: CollectionId, embedder: Embedder) => Promise<void>,
  ) {}

  /**
   * Stopped by the signal or by a failure, it keeps the vectors that it has.
   * @returns the document as it is stored now; null where it was deleted meanwhile, or another model is wanted
   */
  async embed(
    document: CollectionDocument,
    embedder: Embedder,
    watch: Watch,
  ): Promise<Result<CollectionDocument | null>> {
    const content = await this.store.content(document.id);
    if (!content) return failed('record-unreadable', `document ${document.id}`);
    const { passages } = content;
    const text = await content.text.text();
    const isOurs = content.embedder?.modelId === embedder.modelId;
    let dimensions = isOurs ? (content.embedder?.dimensions ?? 0) : 0;
    const known = isOurs && content.vectors ? new Int8Array(await content.vectors.arrayBuffer()) : new Int8Array(0);
    let vectors = new Int8Array(passages.length * dimensions);
    vectors.set(known.subarray(0, vectors.length));
    let done = dimensions > 0 ? Math.min(passages.length, Math.floor(known.length / dimensions)) : 0;

    const keep = async (): Promise<CollectionDocument | null> => {
      const next: DocumentContent = {
        ...content,
        vectors: new Blob([vectors.subarray(0, done * dimensions)]),
        embedder: { ...embedder, dimensions },
      };
      return this.store.keepVectors(next, done);
    };

    let keptAt = performance.now();
    let together = 1;
    while (done < passages.length) {
      const startedAt = performance.now();
      const texts = passages.slice(done, done + together).map((passage) => passageText(text, passage));
      const made = await this.embedding.embed(embedder, 'passage', texts, watch.signal);
      if (!made.ok) {
        const kept = done > 0 ? await keep() : null;
        if (kept) watch.changed(kept);
        return made;
      }
      const [first] = made.value;
      if (!first || made.value.length !== texts.length) return failed('embedding-unsupported', 'no vector for a text');
      if (dimensions === 0) {
        dimensions = first.length;
        vectors = new Int8Array(passages.length * dimensions);
        await this.learnDimensions(document.collectionId, { ...embedder, dimensions });
      }
      // As from another file under the same name: both can not lie side by side.
      if (first.length !== dimensions)
        return failed('embedding-unsupported', `${first.length} numbers, not ${dimensions}`);
      for (const [index, vector] of made.value.entries()) writeVector(vectors, done + index, vector);
      done += texts.length;
      const milliseconds = performance.now() - startedAt;
      watch.progress(done / passages.length, milliseconds / 1000 / texts.length);
      together = Math.max(1, Math.min(mostTogether, Math.round((together * batchMs) / Math.max(1, milliseconds))));
      if (performance.now() - keptAt > keptEveryMs) {
        const kept = await keep();
        if (!kept) return { ok: true, value: null };
        watch.changed(kept);
        keptAt = performance.now();
      }
    }
    return { ok: true, value: await keep() };
  }
}
