import { releaseProxy, wrap, type Remote } from 'comlink';
import { FailureError, failureFrom, type Failure, type FailureKind } from '../protocol/failure';

/** What a worker says without being asked. Its mark tells it from comlink's own messages on the same channel. */
export interface WorkerEvent<Said> {
  readonly event: Said;
}

interface WorkerParts<Said> {
  readonly start: () => Worker;
  /** As failures name it: "the engine worker". */
  readonly name: string;
  /** The failure of a worker that ends by an error, or that says what cannot be read. */
  readonly crashed: FailureKind;
  readonly hear?: (event: Said) => void;
  /** Called once for each worker that was started, when it has ended, for whatever reason. */
  readonly ended?: (failure: Failure) => void;
}

interface Life<Api> {
  readonly api: Remote<Api>;
  readonly end: (failure: Failure) => void;
}

/**
 * A worker, from its start to its end, and the next one after that.
 *
 * comlink never settles a call whose worker is gone. Here every call is: when the script does not arrive, when the worker ends
 * by an error, when a message of it cannot be read, and when it is ended from here.
 */
export class WorkerHandle<Api, Said = never> {
  #life: Life<Api> | null = null;

  constructor(private readonly parts: WorkerParts<Said>) {}

  /** The calls of the worker that runs; null while none does. */
  get running(): Remote<Api> | null {
    return this.#life?.api ?? null;
  }

  /**
   * Starts a worker where none runs. Its calls reject with a `FailureError` when it ends, and from then on: who asks it several
   * things in a row must not go on with another worker, which knows nothing of the first.
   * @throws FailureError `workers-unavailable`
   */
  start(): Remote<Api> {
    return (this.#life ??= this.#begin()).api;
  }

  /** Ends the worker at once, if one runs. What it was asked is settled with the failure. */
  end(failure: Failure = { kind: this.parts.crashed, technical: `${this.parts.name} was ended` }): void {
    this.#life?.end(failure);
  }

  #begin(): Life<Api> {
    const { name, crashed, hear, ended } = this.parts;
    const worker = this.#worker();
    // Held here: a transient proxy may be collected in the middle of a call, which would then hang (comlink#692).
    const remote = wrap<Api>(worker);
    const waiting = new Set<(reason: FailureError) => void>();
    let death: FailureError | null = null;
    const end = (failure: Failure): void => {
      if (death) return;
      death = new FailureError(failure);
      this.#life = null;
      worker.terminate();
      remote[releaseProxy]();
      for (const reject of waiting) reject(death);
      ended?.(failure);
    };
    const call = (method: string | symbol, given: readonly unknown[]): Promise<unknown> =>
      new Promise((resolve, reject) => {
        if (death) throw death;
        waiting.add(reject);
        const answer = (Reflect.get(remote as object, method) as (...given: unknown[]) => Promise<unknown>)(...given);
        void answer.then(resolve, reject).finally(() => waiting.delete(reject));
      });
    worker.addEventListener('message', ({ data }: MessageEvent<Partial<WorkerEvent<Said>>>) => {
      if (data.event !== undefined && !death) hear?.(data.event);
    });
    worker.addEventListener('error', (event: Partial<ErrorEvent> & Event) => {
      // Else it would become an error of this thread, too, and end that as well where it is a worker.
      event.preventDefault();
      end(
        event.message
          ? { kind: crashed, technical: `${name}: ${event.message}` }
          : // An event without words: its script, or one that it imports, did not arrive.
            { kind: 'part-unreachable', technical: `the script of ${name} could not be loaded` },
      );
    });
    worker.addEventListener('messageerror', () =>
      end({ kind: crashed, technical: `a message of ${name} could not be read` }),
    );
    // Not a thenable: what is returned from an async function must not be called.
    const get = (_: object, method: string | symbol): unknown =>
      method === 'then' ? undefined : (...given: unknown[]) => call(method, given);
    return { api: new Proxy(remote as object, { get }) as Remote<Api>, end };
  }

  #worker(): Worker {
    try {
      return this.parts.start();
    } catch (error) {
      throw new FailureError(failureFrom(error, 'workers-unavailable'));
    }
  }
}
