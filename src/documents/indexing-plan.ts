/** What is left to do for collections, in which order, and how long it may take. Pure. */
import type { Collection, CollectionDocument, Embedder } from '../shared/domain/collection';

export type IndexingTask =
  | { readonly step: 'reading'; readonly document: CollectionDocument }
  | { readonly step: 'embedding'; readonly document: CollectionDocument; readonly embedder: Embedder };

/** Of this device, as it was seen so far. */
export interface IndexingRates {
  /** Bytes of files that are read in a second. */
  readonly bytes: number;
  /** Seconds that the vector of a passage takes; null before there was one. */
  readonly passageSeconds: number | null;
}

/** Before anything was measured. */
const guessedPassageSeconds = 0.5;
/** Bytes of a file for each of its passages, before it was read. */
const bytesOfPassage = 3000;

/** Everything that can be done now: words of all documents come first, since they are found at once. */
export function indexingTasks(
  collections: readonly Collection[],
  documents: readonly CollectionDocument[],
  canEmbed: (embedder: Embedder) => boolean,
): readonly IndexingTask[] {
  const embedders = new Map(collections.map(({ id, embedder }) => [id, embedder]));
  const reading = documents.filter(({ state, collectionId }) => state === 'waiting' && embedders.has(collectionId));
  const embedding = documents.flatMap((document): readonly IndexingTask[] => {
    const embedder = embedders.get(document.collectionId);
    const lacks = document.state === 'ready' && document.embeddedPassages < document.passages;
    return embedder && lacks && canEmbed(embedder) ? [{ step: 'embedding', document, embedder }] : [];
  });
  return [...reading.map((document) => ({ step: 'reading' as const, document })), ...embedding];
}

/** @param embeds whether vectors are to be made of what is read */
export function secondsOf(task: IndexingTask, rates: IndexingRates, embeds: boolean): number {
  const { passageSeconds } = rates;
  const { document } = task;
  const perPassage = passageSeconds ?? guessedPassageSeconds;
  if (task.step === 'embedding') return (document.passages - document.embeddedPassages) * perPassage;
  const reading = document.bytes / rates.bytes;
  return embeds ? reading + (document.bytes / bytesOfPassage) * perPassage : reading;
}
