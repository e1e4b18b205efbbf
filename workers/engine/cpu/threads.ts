/** The other threads of a model: workers that compute beside this one, over the same memory. */
import cpuThreadUrl from '../../cpu-thread.worker.ts?worker&url';
import { FailureError, failureFrom, type Failure } from '../../../src/shared/protocol/failure';
import { startWorker } from '../../../src/shared/platform/trusted-worker';
import { WorkerHandle } from '../../../src/shared/platform/worker-handle';

export interface ThreadTask {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  /** Where the fields of the model begin. */
  readonly model: number;
  /** From 1; the thread that calls is 0. */
  readonly thread: number;
}

export interface ThreadApi {
  /** Resolves when the thread waits for its first pass. It hears nothing after that. */
  begin(task: ThreadTask): Promise<void>;
}

/** How long threads may take to start, in ms. They are of our own origin, and small. */
const patienceMs = 15_000;

const newThread = (): WorkerHandle<ThreadApi> =>
  new WorkerHandle({
    start: () => startWorker(cpuThreadUrl, 'cpu-thread'),
    name: 'a thread of the CPU engine',
    crashed: 'workers-unavailable',
  });

export class Threads {
  private constructor(private readonly workers: readonly WorkerHandle<ThreadApi>[]) {}

  /**
   * Starts as many as there are to be beside this one. All have to be ready before the first pass, which would wait for them.
   * @throws FailureError `workers-unavailable` or `part-unreachable` when one of them cannot be started; none is left then
   */
  static async start(count: number, task: Omit<ThreadTask, 'thread'>): Promise<Threads> {
    const threads = new Threads(Array.from({ length: count }, newThread));
    const tooLate = { kind: 'workers-unavailable', technical: 'a thread did not start' } as const;
    const timer = setTimeout(() => threads.end(tooLate), patienceMs);
    try {
      await Promise.all(threads.workers.map((worker, index) => worker.start().begin({ ...task, thread: index + 1 })));
      return threads;
    } catch (error) {
      threads.end();
      throw new FailureError(failureFrom(error, 'workers-unavailable'));
    } finally {
      clearTimeout(timer);
    }
  }

  end(failure?: Failure): void {
    for (const worker of this.workers) worker.end(failure);
  }
}
