import type { Remote } from 'comlink';
import chatFilesWorkerUrl from '../../workers/chat-files.worker.ts?worker&url';
import {
  addedUp,
  type ChatFileReaderApi,
  type ConversationPreview,
  type LeftOut,
  type OpenedFile,
  type ReadBatch,
} from '../shared/protocol/chat-files';
import type { ConversationId } from '../shared/domain/conversation';
import type { Persona } from '../shared/domain/persona';
import { FailureError, failureFrom, type Failure, type Result } from '../shared/protocol/failure';
import { startWorker } from '../shared/platform/trusted-worker';
import { WorkerHandle } from '../shared/platform/worker-handle';
import type { ChatsStore } from '../storage/chats-store';
import { StoredLab } from '../storage/stored-lab';
import { withBatch, type FreshRecords, type ImportPreview, type Standing } from './import-preview';

export interface ImportOutcome {
  readonly conversations: number;
  readonly messages: number;
  /** Of what has been read for it. */
  readonly leftOut: LeftOut;
  /** It was ended by the person; what had been written stays. */
  readonly cancelled: boolean;
}

interface ImportParts {
  readonly store: ChatsStore;
  /** Told what has been written. */
  readonly written: (ids: readonly ConversationId[]) => Promise<void>;
  readonly personasWritten: () => void;
}

/** One file that is imported: read for a preview, and, when a person wants it, read again and written. Nothing is overwritten. */
export class ImportRun {
  #phase = $state.raw<'reading' | 'ready' | 'writing' | 'done' | 'failed'>('reading');
  #fraction = $state(0);
  #preview = $state.raw<ImportPreview | null>(null);
  #outcome = $state.raw<ImportOutcome | null>(null);
  #failure = $state.raw<Failure | null>(null);
  #cancelled = false;
  readonly #lab: StoredLab;
  readonly #worker = new WorkerHandle<ChatFileReaderApi>({
    start: () => startWorker(chatFilesWorkerUrl, 'chat files'),
    name: 'the reader of chat files',
    crashed: 'unexpected',
  });

  constructor(
    readonly file: Blob,
    private readonly parts: ImportParts,
  ) {
    this.#lab = new StoredLab(parts.store.tables);
  }

  get phase(): 'reading' | 'ready' | 'writing' | 'done' | 'failed' {
    return this.#phase;
  }
  /** Of the file, 0 to 1, of what is being done now. */
  get fraction(): number {
    return this.#fraction;
  }
  /** What has been found so far; complete from the phase `ready` on. */
  get preview(): ImportPreview | null {
    return this.#preview;
  }
  get outcome(): ImportOutcome | null {
    return this.#outcome;
  }
  get failure(): Failure | null {
    return this.#failure;
  }

  /** Looks at the whole file and writes nothing. */
  async read(): Promise<void> {
    await this.#attempt(async () => {
      const { reader, opened } = await this.#open();
      for (let done = false; !done && !this.#cancelled;) {
        const batch = taken(await reader.preview());
        const standings = await this.#standingsOf(batch.conversations);
        this.#preview = withBatch(this.#preview, opened, batch, standings, await this.#fresh(batch));
        this.#fraction = batch.fraction;
        ({ done } = batch);
      }
      if (!this.#cancelled) this.#phase = 'ready';
    });
  }

  /** Writes what is not here yet. */
  async write(): Promise<void> {
    const { store, written, personasWritten } = this.parts;
    this.#phase = 'writing';
    this.#fraction = 0;
    this.#cancelled = false;
    let outcome: ImportOutcome = { conversations: 0, messages: 0, leftOut: {}, cancelled: false };
    await this.#attempt(async () => {
      const { reader } = await this.#open();
      for (let done = false; !done && !this.#cancelled;) {
        const batch = taken(await reader.next());
        const added = await store.conversations.addMany(batch.conversations);
        outcome = {
          ...outcome,
          conversations: outcome.conversations + added.conversations,
          messages: outcome.messages + added.messages,
          leftOut: addedUp(outcome.leftOut, batch.leftOut),
        };
        this.#outcome = outcome;
        await written(batch.conversations.map(({ conversation }) => conversation.id));
        if ((await store.personas.add(batch.personas)) > 0) personasWritten();
        if (batch.lab.length > 0) await this.#lab.add(batch.lab);
        await store.keptRecords.add(batch.unknown);
        if (batch.defaults && Object.keys(await store.defaults.read()).length === 0) {
          await store.defaults.write(batch.defaults);
        }
        this.#fraction = batch.fraction;
        ({ done } = batch);
      }
      this.#phase = 'done';
    });
    this.#outcome = { ...outcome, cancelled: this.#cancelled };
  }

  /** Ends what is being done. What has been written stays, each conversation whole. */
  cancel(): void {
    this.#cancelled = true;
    this.#worker.end({ kind: 'cancelled', technical: 'the import was cancelled' });
  }

  async #open(): Promise<{ readonly reader: Remote<ChatFileReaderApi>; readonly opened: OpenedFile }> {
    const reader = this.#worker.start();
    return { reader, opened: taken(await reader.open(this.file)) };
  }

  async #attempt(work: () => Promise<void>): Promise<void> {
    this.#failure = null;
    try {
      await work();
    } catch (error) {
      const failure = failureFrom(error);
      if (failure.kind !== 'cancelled') {
        this.#failure = failure;
        this.#phase = 'failed';
      } else this.#phase = 'done';
    } finally {
      this.#worker.end();
    }
  }

  async #standingsOf(conversations: readonly ConversationPreview[]): Promise<readonly Standing[]> {
    const missing = await this.parts.store.conversations.missing(conversations);
    return missing.map((count) => (count === null ? 'new' : count > 0 ? 'more' : 'here'));
  }

  async #fresh({ personas, lab }: Pick<ReadBatch, 'personas' | 'lab'>): Promise<FreshRecords> {
    const missing = lab.length === 0 ? { sets: [], runs: [] } : await this.#lab.missing(lab);
    return {
      personas: personas.length === 0 ? 0 : await this.#newPersonas(personas),
      lab: { sets: missing.sets.length, runs: missing.runs.length },
    };
  }

  async #newPersonas(personas: readonly Persona[]): Promise<number> {
    const here = new Set((await this.parts.store.personas.list()).map(({ id }) => id));
    return personas.filter(({ id }) => !here.has(id)).length;
  }
}

function taken<T>(result: Result<T>): T {
  if (!result.ok) throw new FailureError(result.failure);
  return result.value;
}
