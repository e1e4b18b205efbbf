import type { Failure, FailureKind } from '../../shared/protocol/failure';
import type { LocalFile } from '../../shared/protocol/weights';
import type { ModelShelf } from './model-shelf.svelte';

interface FailedCopy {
  readonly failure: Failure;
  readonly files: readonly LocalFile[];
}

/** The files are not to blame, and can be read where they are. */
const ofTheStore: ReadonlySet<FailureKind> = new Set([
  'weights-storage-full',
  'weights-unavailable',
  'weights-storage-failed',
]);

/** Files of this device on their way into the store. */
export class FileCopies {
  /** Of the files that are being looked at; null once their copying has begun, or ended. */
  #reading = $state.raw<{ readonly name: string; readonly knownIds: ReadonlySet<string> } | null>(null);
  #failed = $state.raw<FailedCopy | null>(null);
  #running = $state(0);

  constructor(private readonly shelf: Pick<ModelShelf, 'stored' | 'progressOf' | 'copyFiles' | 'openForVisit'>) {}

  /** The file that is being looked at, before anything is copied. */
  get readingName(): string | null {
    return this.#reading?.name ?? null;
  }

  /** The model whose copying has just begun, so that it has a card of its own; null once that has been noted. */
  get begunId(): string | null {
    const reading = this.#reading;
    if (reading === null) return null;
    const begun = this.shelf.stored.find(
      ({ state, manifest: { modelId } }) =>
        state === 'copying' && (!reading.knownIds.has(modelId) || this.shelf.progressOf(modelId) !== undefined),
    );
    return begun?.manifest.modelId ?? null;
  }

  /** From here on the card tells how it goes. */
  noteBegun(): void {
    this.#reading = null;
  }

  /** Whether a copy that tells no progress yet may be ours. */
  get running(): boolean {
    return this.#running > 0;
  }

  get failure(): Failure | null {
    return this.#failed?.failure ?? null;
  }

  /** Whether the model could be used without a copy in the store. */
  get canVisit(): boolean {
    if (this.#failed === null) return false;
    const { failure, files } = this.#failed;
    return ofTheStore.has(failure.kind) && files.every(({ path }) => /\.gguf$/i.test(path));
  }

  /**
   * Resolves when the model is in the store, or is not going to be: then `failure` says why, unless it was cancelled.
   * @returns the model's id, if nobody noted before that the copying had begun
   */
  async copy(files: readonly LocalFile[]): Promise<string | null> {
    const [first] = files;
    if (!first) return null;
    const reading = {
      name: first.file.name,
      knownIds: new Set(this.shelf.stored.map(({ manifest }) => manifest.modelId)),
    };
    this.#failed = null;
    this.#reading = reading;
    this.#running += 1;
    const result = await this.shelf.copyFiles(files);
    this.#running -= 1;
    const noted = this.#reading !== reading;
    if (!noted) this.#reading = null;
    if (result.ok) return noted ? null : result.value;
    if (result.failure.kind !== 'cancelled') this.#failed = { failure: result.failure, files };
    return null;
  }

  /** Tries the files that failed once more. */
  async again(): Promise<string | null> {
    return this.#failed ? this.copy(this.#failed.files) : null;
  }

  /** Takes the files without copying them; resolves with the model's id. */
  async visit(): Promise<string | null> {
    if (this.#failed === null) return null;
    const { files } = this.#failed;
    const opened = await this.shelf.openForVisit(files.map(({ file }) => file));
    this.#failed = opened.ok ? null : { failure: opened.failure, files };
    return opened.ok ? opened.value.id : null;
  }

  dismiss(): void {
    this.#failed = null;
  }
}
