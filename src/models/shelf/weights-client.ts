import { wrap, type Remote } from 'comlink';
import { failed, failureFrom, type Failed, type Result } from '../../shared/protocol/failure';
import {
  weightsChannelName,
  type BuiltInWeights,
  type WeightsApi,
  type WeightsEvent,
  type WeightsSettings,
} from '../../shared/protocol/weights';

/** What is needed of the store on the page: the worker's calls, without those that only this class makes. */
type StoreCall<T> = (api: Remote<WeightsApi>) => Promise<Result<T>>;

interface RunningWorker {
  readonly api: Remote<WeightsApi>;
  readonly worker: Worker;
  /** Settle the calls that wait when the worker dies: comlink never would. */
  readonly pending: Set<(failure: Failed) => void>;
  configured: Promise<unknown> | null;
}

/** The page's side of the weights worker. Every call settles, also when the worker cannot start or dies on the way. */
export class WeightsClient {
  #running: RunningWorker | null = null;
  readonly #channel = 'BroadcastChannel' in globalThis ? new BroadcastChannel(weightsChannelName) : null;

  constructor(
    private readonly startWorker: () => Worker,
    private readonly settings: () => WeightsSettings,
  ) {}

  /** Hears what changes in the store, from whichever tab it comes. */
  listen(listener: (event: WeightsEvent) => void): void {
    this.#channel?.addEventListener('message', ({ data }: MessageEvent<WeightsEvent>) => listener(data));
  }

  /** Weights that ship with the app need no store, so this works where there is none. */
  openBuiltIn(weights: BuiltInWeights): Promise<Result<Blob>> {
    return this.#settled((running) => running.api.openBuiltIn(weights));
  }

  /** Asks the store. The first call to a new worker tells it the settings, which also takes up downloads that were cut off. */
  call<T>(ask: StoreCall<T>): Promise<Result<T>> {
    return this.#settled(async (running) => {
      running.configured ??= running.api.configure(this.settings());
      await running.configured;
      return ask(running.api);
    });
  }

  /** After a setting has changed. */
  async reconfigure(): Promise<void> {
    if (!this.#running) return;
    this.#running.configured = this.#running.api.configure(this.settings());
    await this.#running.configured;
  }

  /** Ends the worker; the next call starts another. */
  stop(): void {
    this.#running?.worker.terminate();
    const failure = failed('weights-unavailable', 'the weights worker was ended');
    for (const settle of [...(this.#running?.pending ?? [])]) settle(failure);
    this.#running = null;
  }

  #settled<T>(ask: (running: RunningWorker) => Promise<Result<T>>): Promise<Result<T>> {
    return new Promise((resolve) => {
      let running: RunningWorker;
      try {
        running = this.#running ??= this.#start();
      } catch (error) {
        resolve({ ok: false, failure: failureFrom(error, 'workers-unavailable') });
        return;
      }
      const settle = (result: Result<T>): void => {
        running.pending.delete(died);
        resolve(result);
      };
      const died = (failure: Failed): void => settle(failure);
      running.pending.add(died);
      ask(running).then(settle, (error: unknown) => settle({ ok: false, failure: failureFrom(error) }));
    });
  }

  #start(): RunningWorker {
    const worker = this.startWorker();
    const running: RunningWorker = { worker, api: wrap<WeightsApi>(worker), pending: new Set(), configured: null };
    worker.onerror = (event): void => {
      worker.terminate();
      if (this.#running === running) this.#running = null;
      const failure = event.message
        ? failed('unexpected', `the weights worker: ${event.message}`)
        : // An event without words: its script, or one that it imports, did not arrive.
          failed('part-unreachable', 'the script of the weights worker could not be loaded');
      for (const settle of [...running.pending]) settle(failure);
    };
    return running;
  }
}
