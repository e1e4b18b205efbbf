import type { CatalogEntry } from '../shared/domain/catalog';
import type { Failure } from '../shared/protocol/failure';
import type { ModelDescriptor } from '../shared/domain/model';
import type { StoredModel, TransferProgress } from '../shared/protocol/weights';
import { CatalogDownloads } from './shelf/catalog-downloads.svelte';
import { downloadSeconds, type LineRate } from './shelf/download-time.svelte';
import { expectedSpeed } from './expected-speed';
import { Inquiries } from './add/inquiries';
import type { ModelAdvice } from './model-advice.svelte';
import type { ModelShelf } from './shelf/model-shelf.svelte';

/** Where the way from the Guide to a larger model stands. */
export type StarterState =
  /** Nothing to offer: the device has not told yet what it can do, or no model is likely to run on it. */
  | { readonly kind: 'none' }
  | { readonly kind: 'offered'; readonly entry: CatalogEntry }
  | { readonly kind: 'offline'; readonly entry: CatalogEntry }
  | { readonly kind: 'asking'; readonly entry: CatalogEntry }
  | { readonly kind: 'refused'; readonly entry: CatalogEntry; readonly failure: Failure }
  | { readonly kind: 'transfer'; readonly model: StoredModel; readonly progress: TransferProgress | undefined }
  | { readonly kind: 'stopped'; readonly model: StoredModel; readonly failure: Failure }
  | { readonly kind: 'ready'; readonly model: ModelDescriptor };

/** For a reload in the middle of the download. Of this tab alone: two tabs must not both change their model. */
const wishKey = 'sotto.use-when-ready';
const longestWaitSeconds = 15 * 60;

/** The one model that a person who has only the Guide is led to: offered, fetched, and used when it is here. */
export class Starter {
  readonly inquiries: Inquiries;
  readonly downloads: CatalogDownloads;
  #wantedId = $state<string | null>(readWish());
  #useWhenReady = $state(readWish() !== null);
  #waitsForNetwork = $state(false);
  #online = $state(navigator.onLine);

  constructor(
    readonly shelf: ModelShelf,
    readonly advice: ModelAdvice,
    private readonly line: LineRate,
  ) {
    this.inquiries = new Inquiries(shelf);
    this.downloads = new CatalogDownloads(this.inquiries, (manifest, despiteSpace) =>
      shelf.download(manifest, despiteSpace),
    );
    addEventListener('offline', () => (this.#online = false));
    addEventListener('online', () => {
      this.#online = true;
      if (this.#waitsForNetwork) void this.start();
    });
  }

  /** The best of the recommended; a smaller one where the best would take longer to come than anyone waits. */
  readonly entry: CatalogEntry | null = $derived.by(() => {
    const [best, quickest] = this.advice.recommended;
    const seconds = best ? downloadSeconds(best.bytes, this.line.now) : null;
    const isTooLong = seconds !== null && !seconds.atMost && seconds.value > longestWaitSeconds;
    return (isTooLong && quickest && quickest.bytes < (best?.bytes ?? 0) ? quickest : best) ?? null;
  });

  readonly state: StarterState = $derived.by(() => {
    const stored = this.#storedModel();
    if (stored) return this.#stateOf(stored);
    const { entry } = this;
    if (entry === null) return { kind: 'none' };
    if (this.downloads.isAsking(entry.id)) return { kind: 'asking', entry };
    const failure = this.downloads.failureOf(entry.id);
    if (!this.#online) return { kind: 'offline', entry };
    return failure ? { kind: 'refused', entry, failure } : { kind: 'offered', entry };
  });

  /** How long the model would take to come over this line; null where nothing is known of the line. */
  get seconds(): ReturnType<typeof downloadSeconds> {
    return this.entry && downloadSeconds(this.entry.bytes, this.line.now);
  }

  /** Tokens per second to expect of the model; null where nothing was measured here. */
  get tokensPerSecond(): number | null {
    return (this.entry && expectedSpeed(this.entry, this.advice.measured)?.middle) ?? null;
  }

  /** Pressed while offline, it begins when the network is back. */
  get waitsForNetwork(): boolean {
    return this.#waitsForNetwork;
  }

  get useWhenReady(): boolean {
    return this.#useWhenReady;
  }

  /** Whether a model that is being fetched is used as soon as it is whole. */
  wish(modelId: string, use: boolean): void {
    this.#wantedId = modelId;
    this.#useWhenReady = use;
    this.#keepWish();
  }

  /** The model that was asked for here and is to be used as soon as it is whole; null while there is none. */
  get due(): ModelDescriptor | null {
    if (!this.#useWhenReady || this.#wantedId === null) return null;
    return this.shelf.models.find(({ id }) => id === this.#wantedId) ?? null;
  }

  /** The wish is fulfilled, or a person has chosen for themselves. */
  done(): void {
    this.#wantedId = null;
    this.#useWhenReady = false;
    this.#keepWish();
  }

  /** Whoever asks for a model from the chat wants to talk to it: unless they say otherwise, it is used when it is here. */
  async start(how: 'start' | 'anyway' = 'start'): Promise<void> {
    const { entry } = this;
    if (entry === null) return;
    this.#waitsForNetwork = !navigator.onLine;
    this.wish(entry.id, true);
    if (this.#waitsForNetwork) return;
    if (await this.downloads[how](entry)) await this.shelf.refresh();
  }

  /** Of what is not noted in the store yet. */
  cancelRequest(): void {
    this.#waitsForNetwork = false;
    if (this.entry) this.downloads.cancel(this.entry.id);
    this.done();
  }

  #storedModel(): StoredModel | undefined {
    const stored = this.shelf.storedForChats;
    return (
      stored.find(({ manifest }) => manifest.modelId === this.#wantedId) ??
      stored.find(({ state }) => state === 'downloading') ??
      [...stored].sort((a, b) => (b.lastUsedAt ?? 0) - (a.lastUsedAt ?? 0)).find(({ state }) => state === 'ready') ??
      stored.find(({ state }) => state === 'paused')
    );
  }

  #stateOf(stored: StoredModel): StarterState {
    const id = stored.manifest.modelId;
    if (stored.state === 'failed' && stored.failure) return { kind: 'stopped', model: stored, failure: stored.failure };
    const model = this.shelf.models.find((candidate) => candidate.id === id);
    if (model) return { kind: 'ready', model };
    return stored.state === 'ready'
      ? { kind: 'none' }
      : { kind: 'transfer', model: stored, progress: this.shelf.progressOf(id) };
  }

  #keepWish(): void {
    try {
      if (this.#useWhenReady && this.#wantedId !== null) sessionStorage.setItem(wishKey, this.#wantedId);
      else sessionStorage.removeItem(wishKey);
    } catch {
      // After a reload, the model is used by hand.
    }
  }
}

function readWish(): string | null {
  try {
    return sessionStorage.getItem(wishKey);
  } catch {
    return null;
  }
}
