/** Reads and embeds documents in the background, one after the other, in one tab at a time. */
import type {
  CollectionDocument,
  CollectionId,
  DocumentContent,
  DocumentId,
  Embedder,
} from '../shared/domain/collection';
import { without } from '../shared/domain/chosen-fields';
import { withLock } from '../shared/platform/web-locks';
import { failureFrom, type Failure } from '../shared/protocol/failure';
import type { StoredCollections } from '../storage/stored-collections';
import type { IndexingProgress } from './documents-api';
import { readFile } from './documents-worker';
import type { DocumentEmbedder } from './embed-document';
import type { FileReaders } from './file-readers';
import { secondsOf, type IndexingRates, type IndexingTask } from './indexing-plan';

/** The lock of the tab that indexes. */
const lockName = 'sotto-documents';

interface IndexerParts {
  readonly store: StoredCollections;
  readonly readers: FileReaders;
  readonly embedder: DocumentEmbedder;
  /** What is left to do, as the lists tell it now. */
  readonly tasks: () => readonly IndexingTask[];
  /** Whether vectors are wanted for a collection. */
  readonly embeds: (id: CollectionId) => boolean;
  /** Reads the lists again: another tab may have done what was left. */
  readonly refresh: () => Promise<void>;
  readonly changed: (document: CollectionDocument) => void;
  /** A model makes no vectors: it is gone, or does not fit into memory. It is not asked again until a person wants it. */
  readonly embedderFailed: (embedder: Embedder, failure: Failure) => void;
  /** What keeps all documents from being read. */
  readonly failed: (failure: Failure) => void;
}

interface Current {
  readonly task: IndexingTask;
  readonly ending: AbortController;
  readonly startedAt: number;
  /** Of this task, 0 to 1. */
  readonly fraction: number;
}

export class Indexer {
  #current = $state.raw<Current | null>(null);
  #paused = $state(false);
  #waits = $state(false);
  /** The most that was left of a collection since something was left of it, in seconds. */
  readonly #most = new Map<CollectionId, number>();
  #rates = $state.raw<IndexingRates & { readonly bytesMeasured: boolean }>({
    bytes: 2_000_000,
    passageSeconds: null,
    bytesMeasured: false,
  });
  #running: Promise<void> | null = null;
  #waiting = new AbortController();
  readonly #idle = new Set<() => void>();

  constructor(private readonly parts: IndexerParts) {}

  get paused(): boolean {
    return this.#paused;
  }

  /** Another tab indexes. */
  get waits(): boolean {
    return this.#waits;
  }

  /** Begins, or goes on with what has come since. */
  start(): void {
    if (this.#paused || this.#running || this.parts.tasks().length === 0) {
      this.#tellIdle();
      return;
    }
    this.#waiting = new AbortController();
    const { signal } = this.#waiting;
    this.#waits = true;
    const begin = (): Promise<void> => {
      this.#waits = false;
      return this.#work(signal);
    };
    const running = withLock(lockName, begin, { signal })
      .catch(() => undefined)
      .finally(() => {
        if (this.#running !== running) return;
        this.#running = null;
        this.#waits = false;
        this.#tellIdle();
        // What has come in the moment of its end, or was resumed before it had ended.
        if (!this.#paused && this.parts.tasks().length > 0) this.start();
      });
    this.#running = running;
  }

  resume(): void {
    this.#paused = false;
    this.start();
  }

  /** Ends what is being done, which keeps what it has; nothing is begun until `resume`. */
  pause(): void {
    this.#paused = true;
    this.#end();
  }

  /** Ends what is being done for a document or a collection that is no longer wanted as it was. */
  drop(isMeant: (task: IndexingTask) => boolean): void {
    if (this.#current && isMeant(this.#current.task)) this.#current.ending.abort();
  }

  progressOf(id: CollectionId): IndexingProgress | null {
    const current = this.#current;
    if (this.#paused || current?.task.document.collectionId !== id) return null;
    const left = this.#secondsLeft(id);
    const most = Math.max(this.#most.get(id) ?? 0, left);
    this.#most.set(id, most);
    const isMeasured =
      current.task.step === 'embedding' ? this.#rates.passageSeconds !== null : this.#rates.bytesMeasured;
    return {
      documentName: current.task.document.name,
      step: current.task.step,
      fraction: most > 0 ? Math.min(1, 1 - left / most) : 0,
      secondsLeft: isMeasured ? left : null,
    };
  }

  /** Resolves when nothing is left to do for a collection, or nothing can be done. */
  async whenDone(id: CollectionId): Promise<void> {
    while (!this.#paused && this.parts.tasks().some(({ document }) => document.collectionId === id)) {
      this.start();
      await new Promise<void>((resolve) => this.#idle.add(resolve));
    }
  }

  /** Whoever waits looks again. */
  #tellIdle(): void {
    const waiting = [...this.#idle];
    this.#idle.clear();
    for (const resolve of waiting) resolve();
  }

  /** The lists have changed, here or in another tab. */
  looked(): void {
    this.#tellIdle();
  }

  #end(): void {
    this.#waiting.abort();
    this.#current?.ending.abort();
    this.#tellIdle();
  }

  #secondsLeft(id: CollectionId): number {
    const current = this.#current;
    return this.parts
      .tasks()
      .filter(({ document }) => document.collectionId === id)
      .reduce((sum, task) => {
        const share = task.document.id === current?.task.document.id ? 1 - current.fraction : 1;
        return sum + share * secondsOf(task, this.#rates, this.parts.embeds(id));
      }, 0);
  }

  async #work(signal: AbortSignal): Promise<void> {
    await this.parts.refresh();
    for (let task = this.parts.tasks()[0]; task && !signal.aborted; task = this.parts.tasks()[0]) {
      const ending = new AbortController();
      this.#current = { task, ending, startedAt: performance.now(), fraction: 0 };
      const stop = await this.#do(task, ending.signal).finally(() => (this.#current = null));
      if (!this.parts.tasks().some(({ document }) => document.collectionId === task.document.collectionId))
        this.#most.delete(task.document.collectionId);
      this.#tellIdle();
      if (stop) {
        // Not again and again: what is wrong with the storage or the network is wrong for the next document, too.
        this.#paused = true;
        this.parts.failed(stop);
        this.#tellIdle();
        return;
      }
    }
  }

  /** @returns what keeps all other documents from being read, too; null where it is done, or the document alone has failed */
  async #do(task: IndexingTask, signal: AbortSignal): Promise<Failure | null> {
    try {
      return task.step === 'reading' ? await this.#read(task.document, signal) : await this.#embed(task, signal);
    } catch (error) {
      return failureFrom(error);
    }
  }

  async #read(document: CollectionDocument, signal: AbortSignal): Promise<Failure | null> {
    const { store } = this.parts;
    const startedAt = performance.now();
    const content = await store.content(document.id);
    if (!content) {
      return this.#fail(document.id, { kind: 'record-unreadable', technical: `document ${document.id}` });
    }
    const read = await readFile(
      { file: content.file, name: document.name },
      this.parts.readers,
      (fraction) => this.#note(fraction),
      signal,
    );
    if (!read.ok) {
      if (read.failure.kind === 'cancelled') return null;
      return isOfAll(read.failure) ? read.failure : this.#fail(document.id, read.failure);
    }
    if (signal.aborted) return null;
    const { text, passages, characters, pages } = read.value;
    const next: DocumentContent = { ...without(content, 'vectors', 'embedder'), text, passages };
    const changed = await store.changeDocument(
      document.id,
      (stored) => ({
        ...without(stored, 'failure', 'pages'),
        state: 'ready',
        passages: passages.length,
        characters,
        embeddedPassages: 0,
        ...(pages !== undefined && { pages }),
      }),
      next,
    );
    const seconds = (performance.now() - startedAt) / 1000;
    this.#rates = {
      ...this.#rates,
      bytes: Math.max(1, document.bytes / Math.max(0.001, seconds)),
      bytesMeasured: true,
    };
    return this.#told(changed);
  }

  async #embed(
    { document, embedder }: Extract<IndexingTask, { step: 'embedding' }>,
    signal: AbortSignal,
  ): Promise<Failure | null> {
    const outcome = await this.parts.embedder.embed(document, embedder, {
      signal,
      changed: this.parts.changed,
      progress: (fraction, passageSeconds) => {
        this.#rates = { ...this.#rates, passageSeconds };
        this.#note(fraction);
      },
    });
    if (outcome.ok) return this.#told(outcome.value);
    if (outcome.failure.kind === 'cancelled') return null;
    if (isOfAll(outcome.failure)) return outcome.failure;
    if (outcome.failure.kind === 'record-unreadable') return this.#fail(document.id, outcome.failure);
    this.parts.embedderFailed(embedder, outcome.failure);
    return null;
  }

  #note(fraction: number): void {
    if (this.#current) this.#current = { ...this.#current, fraction };
  }

  async #fail(id: DocumentId, failure: Failure): Promise<null> {
    const changed = await this.parts.store.changeDocument(id, (stored) => ({ ...stored, state: 'failed', failure }));
    return this.#told(changed);
  }

  async #told(changed: CollectionDocument | null): Promise<null> {
    if (changed) this.parts.changed(changed);
    // Deleted while it was read: without new lists it would be the next one again, for ever.
    else await this.parts.refresh();
    return null;
  }
}

/** What the next document would meet as well. */
const isOfAll = ({ kind }: Failure): boolean => /^(storage|part|workers|app)-/.test(kind);
