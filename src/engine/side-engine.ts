/**
 * A second engine worker, for a small model that helps the one of the chat: it makes vectors for search, or writes speech down,
 * while the chat's model stays loaded. It takes its memory only while it is wanted: unused for a while, the worker is ended.
 */
import { loadJobId, type LoadedModel, type LoadRequest } from '../shared/protocol/engine';
import { failed, type Result } from '../shared/protocol/failure';
import { unlessAborted } from '../shared/platform/unless-aborted';
import { EngineClient } from './engine-client';

const cancelled = failed('cancelled', 'it was cancelled before it began');

/** How long a model may wait for its next use, in ms. Loading it again takes seconds; keeping it, hundreds of megabytes. */
const usualIdleMs = 60_000;

export class SideEngine {
  readonly client: EngineClient;
  #loaded: LoadedModel | null = null;
  /** Work goes one after the other: each may want another model. */
  #last: Promise<unknown> = Promise.resolve();
  #waiting = 0;
  #idle: ReturnType<typeof setTimeout> | undefined;

  constructor(
    start: () => Worker,
    private readonly idleMs = usualIdleMs,
  ) {
    this.client = new EngineClient(start);
    this.client.onWorkerLost = () => (this.#loaded = null);
  }

  /**
   * Runs `work` with the model of the request loaded. Resolves with the failure of the load where that fails, and with `cancelled`
   * where the signal ends it before its turn or while it loads; a running `work` ends its own jobs.
   */
  async use<T>(
    request: LoadRequest,
    work: (client: EngineClient, loaded: LoadedModel) => Promise<Result<T>>,
    signal?: AbortSignal,
  ): Promise<Result<T>> {
    this.#waiting += 1;
    clearTimeout(this.#idle);
    const before = this.#last;
    const turn = before.then(() => this.#run(request, work, signal));
    this.#last = turn.catch(() => undefined);
    try {
      // What goes on for somebody else may take minutes.
      await unlessAborted(before, signal, undefined);
      return signal?.aborted ? cancelled : await turn;
    } finally {
      this.#waiting -= 1;
      if (this.#waiting === 0) this.#idle = setTimeout(() => this.end(), this.idleMs);
    }
  }

  /** Gives the memory back at once; what runs is settled as cancelled. */
  end(): void {
    clearTimeout(this.#idle);
    this.#loaded = null;
    this.client.terminate({ kind: 'cancelled', technical: 'the side engine was ended' });
  }

  async #run<T>(
    request: LoadRequest,
    work: (client: EngineClient, loaded: LoadedModel) => Promise<Result<T>>,
    signal: AbortSignal | undefined,
  ): Promise<Result<T>> {
    if (signal?.aborted) return cancelled;
    if (this.#loaded?.modelId !== request.modelId) {
      this.#loaded = null;
      const stop = (): void => void this.client.cancel(loadJobId(request.modelId));
      signal?.addEventListener('abort', stop);
      const loaded = await this.client.load(request);
      signal?.removeEventListener('abort', stop);
      if (!loaded.ok) return loaded;
      this.#loaded = loaded.value;
    }
    return signal?.aborted ? cancelled : work(this.client, this.#loaded);
  }
}
