import type { LoadedModel, LoadRequest, StoredWeights } from '../contracts/engine';
import { loadJobId } from '../contracts/engine';
import { failed, type Failure, type Result } from '../contracts/failure';
import type { ModelDescriptor } from '../contracts/model';
import type { EngineClient } from './engine-client';

type ReadWeights = (model: ModelDescriptor) => Promise<Result<readonly Blob[] | StoredWeights>>;

const cancelled = failed('cancelled', 'the load was cancelled');

/** The model that answers: which one is chosen, whether it is loaded, and who uses the engine now. */
export class ActiveModel {
  #chosen = $state.raw<ModelDescriptor>() as ModelDescriptor;
  #loaded = $state.raw<LoadedModel | null>(null);
  #failure = $state.raw<Failure | null>(null);
  #fraction = $state<number | null>(null);
  #loading = $state.raw<{ modelId: string; cancelled: boolean; result: Promise<Result<LoadedModel>> } | null>(null);
  /** Ends when the last one in the queue for the engine is done. */
  #queue: Promise<unknown> = Promise.resolve();

  constructor(
    readonly client: EngineClient,
    private readonly readWeights: ReadWeights,
    first: ModelDescriptor,
    private readonly onChosen: (modelId: string) => void = () => {},
  ) {
    this.#chosen = first;
    client.onWorkerLost = (): void => {
      this.#loaded = null;
    };
    client.listen((event) => {
      if (event.type === 'load-progress' && event.modelId === this.#loading?.modelId) {
        this.#fraction = event.totalBytes > 0 ? event.loadedBytes / event.totalBytes : null;
      }
    });
  }

  get chosen(): ModelDescriptor {
    return this.#chosen;
  }

  get phase(): 'idle' | 'loading' | 'ready' | 'failed' {
    if (this.#loading !== null) return 'loading';
    if (this.#failure !== null) return 'failed';
    return this.loaded === null ? 'idle' : 'ready';
  }

  /** Bytes read of all, 0 to 1, while loading; null while that is unknown. */
  get fraction(): number | null {
    return this.#fraction;
  }

  /** What the engine holds, if it is the chosen model. */
  get loaded(): LoadedModel | null {
    return this.#loaded?.modelId === this.#chosen.id ? this.#loaded : null;
  }

  get failure(): Failure | null {
    return this.#failure;
  }

  /** Takes effect with the next load; a running answer is finished by the model that began it. */
  choose(model: ModelDescriptor): void {
    if (model.id === this.#chosen.id) return;
    this.cancelLoad();
    this.#chosen = model;
    this.#failure = null;
    this.onChosen(model.id);
  }

  /** Runs `work` when everyone before it is done with the engine: there is one engine, and two answers would spoil each other. */
  inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#queue.then(work);
    this.#queue = result.catch(() => {});
    return result;
  }

  /** Loads the chosen model before it is needed, in turn. */
  warmUp(): Promise<Result<LoadedModel>> {
    return this.inTurn(() => this.load());
  }

  /** Only inside `inTurn`. Loads the chosen model unless it is there; callers at the same time share one load. */
  async load(): Promise<Result<LoadedModel>> {
    if (this.loaded !== null) return { ok: true, value: this.loaded };
    if (this.#loading?.modelId === this.#chosen.id && !this.#loading.cancelled) return this.#loading.result;
    const model = this.#chosen;
    const previous = this.#loading?.result;
    const loading = { modelId: model.id, cancelled: false, result: Promise.resolve<Result<LoadedModel>>(cancelled) };
    loading.result = (async (): Promise<Result<LoadedModel>> => {
      await previous;
      return this.#loadNow(model, () => loading.cancelled);
    })().then((result) => {
      this.#settle(loading, result);
      return result;
    });
    this.#loading = loading;
    return loading.result;
  }

  /**
   * Only inside `inTurn`. Loads a model with settings of its own, for measuring. The chosen model counts as not loaded
   * afterwards: whoever needs it next gets it as they are used to.
   */
  async loadAs(
    model: ModelDescriptor,
    settings: Pick<LoadRequest, 'contextTokens' | 'threads'>,
  ): Promise<Result<LoadedModel>> {
    this.#loaded = null;
    const weights = await this.readWeights(model);
    if (!weights.ok) return weights;
    return this.client.load({ modelId: model.id, engine: model.engine, files: weights.value, ...settings });
  }

  cancelLoad(): void {
    if (this.#loading === null) return;
    this.#loading.cancelled = true;
    void this.client.cancel(loadJobId(this.#loading.modelId));
  }

  async unload(): Promise<void> {
    this.cancelLoad();
    await this.inTurn(() => this.client.unload());
    this.#loaded = null;
  }

  async #loadNow(model: ModelDescriptor, isCancelled: () => boolean): Promise<Result<LoadedModel>> {
    this.#failure = null;
    this.#fraction = null;
    this.#loaded = null;
    const weights = await this.readWeights(model);
    if (!weights.ok) return weights;
    if (isCancelled()) return cancelled;
    const { id: modelId, engine, contextTokens } = model;
    const request = { modelId, engine, files: weights.value };
    return this.client.load(contextTokens === undefined ? request : { ...request, contextTokens });
  }

  #settle(loading: { cancelled: boolean }, result: Result<LoadedModel>): void {
    this.#loaded = result.ok ? result.value : null;
    // A load that a person ended is not a failure, whichever way the worker came to its end.
    this.#failure = result.ok || loading.cancelled ? null : result.failure;
    if (this.#loading === loading) this.#loading = null;
  }
}
