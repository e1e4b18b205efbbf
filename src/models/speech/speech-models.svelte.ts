import type { CatalogEntry } from '../../shared/domain/catalog';
import { purposeOf } from '../../shared/domain/model-purpose';
import { failureFrom, type Failure, type Result } from '../../shared/protocol/failure';
import type { StoredModel, TransferProgress } from '../../shared/protocol/weights';
import { loadPart } from '../../ui/load-part';
import type { CatalogDownloads } from '../shelf/catalog-downloads.svelte';
import type { ModelShelf } from '../shelf/model-shelf.svelte';
import { isUsable } from '../shelf/stored-descriptor';

/** Where the way to a model that writes speech down stands. */
export type SpeechModelState =
  /** The catalog is on its way, or names none. */
  | { readonly kind: 'none' }
  | { readonly kind: 'offered'; readonly entry: CatalogEntry }
  | { readonly kind: 'asking'; readonly entry: CatalogEntry }
  | { readonly kind: 'refused'; readonly entry: CatalogEntry; readonly failure: Failure }
  | { readonly kind: 'transfer'; readonly model: StoredModel; readonly progress: TransferProgress | undefined }
  | { readonly kind: 'stopped'; readonly model: StoredModel; readonly failure: Failure }
  | { readonly kind: 'ready'; readonly model: StoredModel };

const writesSpeech = ({ manifest }: StoredModel): boolean => purposeOf(manifest) === 'transcription';

/** The catalog says of a model what its name says. */
const isOfSpeech = ({ title: name }: CatalogEntry): boolean =>
  purposeOf({ name, projector: { path: '', sees: false, hears: true } }) === 'transcription';

/** The models of this device that write speech down, and the way to one where there is none. */
export class SpeechModels {
  #entry = $state.raw<CatalogEntry | null>(null);
  #failure = $state.raw<Failure | null>(null);

  constructor(
    readonly shelf: ModelShelf,
    private readonly downloads: CatalogDownloads,
  ) {}

  /** What could not be done with a model that is on its way. */
  get failure(): Failure | null {
    return this.#failure;
  }

  /** The one to use: of several, the one used last. Undefined while there is none. */
  get current(): StoredModel | undefined {
    return this.shelf.stored
      .filter((model) => writesSpeech(model) && isUsable(model))
      .sort((a, b) => (b.lastUsedAt ?? b.addedAt) - (a.lastUsedAt ?? a.addedAt))[0];
  }

  readonly state: SpeechModelState = $derived.by(() => {
    if (this.current) return { kind: 'ready', model: this.current };
    const model = this.shelf.stored.find(writesSpeech);
    if (model?.state === 'failed' && model.failure) return { kind: 'stopped', model, failure: model.failure };
    if (model) return { kind: 'transfer', model, progress: this.shelf.progressOf(model.manifest.modelId) };
    const entry = this.#entry;
    if (entry === null) return { kind: 'none' };
    if (this.downloads.isAsking(entry.id)) return { kind: 'asking', entry };
    const failure = this.downloads.failureOf(entry.id);
    return failure ? { kind: 'refused', entry, failure } : { kind: 'offered', entry };
  });

  /** Looks into the catalog for the smallest. @throws FailureError of a part that could not be loaded */
  async open(): Promise<void> {
    const { entries } = await loadPart(() => import('../catalog/catalog-data'));
    const [smallest = null] = entries.filter(isOfSpeech).sort((a, b) => a.bytes - b.bytes);
    this.#entry = smallest;
  }

  async start(how: 'start' | 'anyway' = 'start'): Promise<void> {
    if (this.#entry && (await this.downloads[how](this.#entry))) await this.shelf.refresh();
  }

  cancelRequest(): void {
    if (this.#entry) this.downloads.cancel(this.#entry.id);
  }

  resume = (id: string): Promise<void> => this.#attempt(() => this.shelf.resume(id));
  verify = (id: string): Promise<void> => this.#attempt(() => this.shelf.verify(id));
  pause = (id: string): Promise<void> => this.#attempt(() => this.shelf.pause(id));

  async #attempt(action: () => Promise<Result<unknown>>): Promise<void> {
    const result = await action().catch((error: unknown) => ({ ok: false as const, failure: failureFrom(error) }));
    this.#failure = result.ok ? null : result.failure;
    await this.shelf.refresh();
  }
}
