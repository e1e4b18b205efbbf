import type { Remote } from 'comlink';
import { failureFrom, type Result } from '../../shared/protocol/failure';
import {
  weightsChannelName,
  type BuiltInWeights,
  type WeightsApi,
  type WeightsEvent,
  type WeightsSettings,
} from '../../shared/protocol/weights';
import { WorkerHandle } from '../../shared/platform/worker-handle';

/** What is needed of the store on the page: the worker's calls, without those that only this class makes. */
type StoreCall<T> = (api: Remote<WeightsApi>) => Promise<Result<T>>;

/** The page's side of the weights worker. Every call settles, also when the worker cannot start or dies on the way. */
export class WeightsClient {
  readonly #worker: WorkerHandle<WeightsApi>;
  /** Of the worker that runs. */
  #configured: Promise<unknown> | null = null;
  readonly #channel = 'BroadcastChannel' in globalThis ? new BroadcastChannel(weightsChannelName) : null;

  constructor(
    start: () => Worker,
    private readonly settings: () => WeightsSettings,
  ) {
    this.#worker = new WorkerHandle({
      start,
      name: 'the weights worker',
      crashed: 'unexpected',
      ended: () => (this.#configured = null),
    });
  }

  /** Hears what changes in the store, from whichever tab it comes. */
  listen(listener: (event: WeightsEvent) => void): void {
    this.#channel?.addEventListener('message', ({ data }: MessageEvent<WeightsEvent>) => listener(data));
  }

  /** Weights that ship with the app need no store, so this works where there is none. */
  openBuiltIn(weights: BuiltInWeights): Promise<Result<Blob>> {
    return this.#settled((api) => api.openBuiltIn(weights));
  }

  /** Asks the store. The first call to a new worker tells it the settings, which also takes up downloads that were cut off. */
  call<T>(ask: StoreCall<T>): Promise<Result<T>> {
    return this.#settled(async (api) => {
      await (this.#configured ??= api.configure(this.settings()));
      return ask(api);
    });
  }

  /** After a setting has changed. */
  async reconfigure(): Promise<void> {
    if (!this.#worker.running) return;
    this.#configured = this.#worker.running.configure(this.settings());
    // A worker that ends meanwhile is told them when it is next started.
    await this.#configured.catch(() => {});
  }

  async #settled<T>(ask: StoreCall<T>): Promise<Result<T>> {
    try {
      return await ask(this.#worker.start());
    } catch (error) {
      return { ok: false, failure: failureFrom(error) };
    }
  }
}
