import type { LoadedModel, LoadProgress, StoredWeights } from '../shared/protocol/engine';
import { endsEngine, failed, type Failure, type Result } from '../shared/protocol/failure';
import type { ModelDescriptor } from '../shared/domain/model';
import type { CarefulLoad, LoadStage } from './careful-load';
import type { EngineClient } from './engine-client';
import { ModelLoader, type LoadOverrides } from './model-loader';

type ReadWeights = (model: ModelDescriptor) => Promise<Result<readonly Blob[] | StoredWeights>>;

const cancelled = failed('cancelled', 'the load was cancelled');

interface Loading {
  readonly modelId: string;
  cancelled: boolean;
  result: Promise<Result<LoadedModel>>;
}

/** The model that answers: which one is chosen, whether it is loaded, and who uses the engine now. */
export class ActiveModel {
  #chosen = $state.raw<ModelDescriptor>() as ModelDescriptor;
  #loaded = $state.raw<LoadedModel | null>(null);
  #failure = $state.raw<Failure | null>(null);
  /** How the chosen model was wanted when it was loaded. */
  #loadedAs = $state.raw<ModelDescriptor | null>(null);
  #progress = $state.raw<LoadProgress | null>(null);
  #stage = $state<LoadStage>('loading');
  #loading = $state.raw<Loading | null>(null);
  #measuredLoad: { readonly modelId: string; cancelled: boolean } | null = null;
  readonly #loader: ModelLoader;
  /** Ends when the last one in the queue for the engine is done. */
  #queue: Promise<unknown> = Promise.resolve();
  /** How many use the engine or wait for it. */
  #users = 0;
  #background: AbortController | null = null;

  constructor(
    readonly client: EngineClient,
    private readonly readWeights: ReadWeights,
    first: ModelDescriptor,
    private readonly onChosen: (modelId: string) => void = () => {},
    /** For all models but the built-in ones; its code comes when it is first needed. */
    startCareful: (() => Promise<CarefulLoad>) | null = null,
  ) {
    this.#loader = new ModelLoader(client, startCareful);
    this.#chosen = first;
    client.onWorkerLost = (failure): void => this.#lost(failure);
    client.listen((event) => {
      if (event.type === 'load-progress' && event.modelId === this.#loading?.modelId) this.#progress = event;
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

  /** Of the load that is running, 0 to 1; null while that is unknown. */
  get fraction(): number | null {
    return this.#stage === 'loading' && this.#progress !== null && this.#progress.totalBytes > 0
      ? this.#progress.fraction
      : null;
  }

  /** What the load that is running does: it may also try backends, or check what a GPU answers. */
  get stage(): LoadStage {
    return this.#stage;
  }

  get progress(): LoadProgress | null {
    return this.#progress;
  }

  /** What the engine holds, if it is the chosen model. */
  get loaded(): LoadedModel | null {
    return this.#loaded?.modelId === this.#chosen.id ? this.#loaded : null;
  }

  /** Whether the chosen model is loaded in another way than it is wanted now. */
  get needsReload(): boolean {
    const [now, then] = [this.#chosen, this.#loadedAs];
    if (this.loaded === null || then?.id !== now.id) return false;
    return (['contextTokens', 'kvCache', 'backend', 'cpuEngine'] as const).some((name) => now[name] !== then[name]);
  }

  get failure(): Failure | null {
    return this.#failure;
  }

  /** Takes effect with the next load; a running answer is finished by the model that began it. */
  choose(model: ModelDescriptor): void {
    if (model.id === this.#chosen.id) {
      // It may be wanted in another way than before.
      this.#chosen = model;
      return;
    }
    this.cancelLoad();
    this.#chosen = model;
    this.#failure = null;
    this.onChosen(model.id);
  }

  /** Runs `work` when everyone before it is done with the engine: there is one engine, and two answers would spoil each other. */
  inTurn<T>(work: () => Promise<T>): Promise<T> {
    this.#background?.abort();
    this.#users += 1;
    const result = this.#queue.then(work);
    this.#queue = result.catch(() => {}).then(() => (this.#users -= 1));
    return result;
  }

  /**
   * Runs `work` now if nobody uses the engine or waits for it, or else never. When somebody does, the signal is aborted, and
   * `work` must come to its end at once.
   * @returns null when it was not run
   */
  inBackground<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> | null {
    if (this.#users > 0) return null;
    const background = new AbortController();
    const result = this.inTurn(() => work(background.signal));
    this.#background = background;
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
  async loadAs(model: ModelDescriptor, settings: LoadOverrides): Promise<Result<LoadedModel>> {
    const { threads, ...others } = settings;
    const loading = { modelId: model.id, cancelled: false };
    this.#measuredLoad = loading;
    this.#loaded = null;
    try {
      const weights = await this.readWeights(model);
      if (!weights.ok) return weights;
      const control = {
        isCancelled: (): boolean => loading.cancelled,
        stage: (): void => {},
        threads,
        onlyTheseWeights: true,
      };
      return await this.#loader.load({ ...model, ...others }, weights.value, control);
    } finally {
      this.#measuredLoad = null;
    }
  }

  cancelLoad(): void {
    for (const loading of [this.#loading, this.#measuredLoad]) {
      if (loading === null) continue;
      loading.cancelled = true;
      this.#loader.cancel(loading.modelId);
    }
  }

  async unload(): Promise<void> {
    this.cancelLoad();
    await this.inTurn(() => this.client.unload());
    this.#loaded = null;
    this.#loader.letGo();
  }

  /** Loads the chosen model anew, with the settings that it has now. */
  reload(): Promise<Result<LoadedModel>> {
    this.cancelLoad();
    return this.inTurn(() => {
      this.#loaded = null;
      return this.load();
    });
  }

  /** Takes the engine from the tab that has it. */
  async takeOver(): Promise<Result<LoadedModel>> {
    return (await this.#loader.takeOver())
      ? this.warmUp()
      : failed('engine-elsewhere', 'the other tab does not let go');
  }

  /** Uses the model whose known answer came out wrong. */
  async useAnyway(): Promise<void> {
    const loaded = await this.#loader.acceptDoubted();
    this.#failure = null;
    if (loaded?.modelId === this.#chosen.id) this.#loaded = loaded;
    else void this.warmUp();
  }

  async #loadNow(model: ModelDescriptor, isCancelled: () => boolean): Promise<Result<LoadedModel>> {
    this.#failure = null;
    this.#progress = null;
    this.#stage = 'loading';
    this.#loaded = null;
    this.#loadedAs = model;
    // Its code comes while the weights are looked up.
    this.client.warmUp();
    const weights = await this.readWeights(model);
    if (!weights.ok) return weights;
    if (isCancelled()) return cancelled;
    return this.#loader.load(model, weights.value, { isCancelled, stage: (stage) => (this.#stage = stage) });
  }

  /** The worker is gone, and with it what was loaded. Nothing is loaded again unasked: what has just failed would fail again. */
  #lost(failure: Failure): void {
    const wasLoaded = this.#loaded !== null;
    this.#loaded = null;
    if (wasLoaded && (endsEngine.has(failure.kind) || failure.kind === 'engine-elsewhere')) this.#failure = failure;
    if (this.#loading === null) this.#loader.letGo();
  }

  #settle(loading: { cancelled: boolean }, result: Result<LoadedModel>): void {
    this.#loaded = result.ok ? result.value : null;
    // A load that a person ended is not a failure, whichever way the worker came to its end.
    this.#failure = result.ok || loading.cancelled ? null : result.failure;
    if (this.#loading === loading) this.#loading = null;
  }
}
