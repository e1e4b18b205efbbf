import { wrap, type Remote } from 'comlink';
import { failed, failureFrom, type Result } from '../contracts/failure';
import type { BuiltInWeights, WeightsApi } from '../contracts/weights';

/** The page's side of the weights worker. */
export class WeightsClient {
  #worker: Worker | null = null;
  #api: Remote<WeightsApi> | null = null;

  constructor(private readonly startWorker: () => Worker) {}

  /** Settles also when the worker cannot start or dies on the way. */
  openBuiltIn(weights: BuiltInWeights): Promise<Result<Blob>> {
    return new Promise((resolve) => {
      try {
        const api = this.#start((message) => {
          this.#worker?.terminate();
          this.#worker = this.#api = null;
          resolve(failed('network-unreachable', message));
        });
        api.openBuiltIn(weights).then(resolve, (error: unknown) => resolve({ ok: false, failure: failureFrom(error) }));
      } catch (error) {
        resolve({ ok: false, failure: failureFrom(error, 'workers-unavailable') });
      }
    });
  }

  #start(onError: (message: string) => void): Remote<WeightsApi> {
    this.#worker ??= this.startWorker();
    this.#worker.onerror = (event): void => onError(event.message || 'the weights worker could not start');
    this.#api ??= wrap<WeightsApi>(this.#worker);
    return this.#api;
  }
}
