/** The other threads of a model: workers that compute beside this one, over the same memory. */
import cpuThreadUrl from '../../cpu-thread.worker.ts?worker&url';
import { failed, FailureError } from '../../../src/shared/protocol/failure';
import { startWorker } from '../../../src/shared/platform/trusted-worker';

/** All that a thread is ever told. */
export interface ThreadTask {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  /** Where the fields of the model begin. */
  readonly model: number;
  /** From 1; the thread that calls is 0. */
  readonly thread: number;
}

/** What it says: that it waits for its first pass, or why it does not. */
export type ThreadReport = 'ready' | { readonly failure: string };

/** How long threads may take to start, in ms. They are of our own origin, and small. */
const patienceMs = 15_000;

export class Threads {
  private constructor(private readonly workers: readonly Worker[]) {}

  /**
   * Starts as many as there are to be beside this one. All have to be ready before the first pass, which would wait for them.
   * @throws FailureError `workers-unavailable` when one of them cannot be started; none is left then
   */
  static async start(count: number, task: Omit<ThreadTask, 'thread'>): Promise<Threads> {
    const workers: Worker[] = [];
    const threads = new Threads(workers);
    try {
      for (let started = 0; started < count; started += 1) workers.push(startWorker(cpuThreadUrl, 'cpu-thread'));
      await Promise.all(workers.map((worker, index) => ready(worker, { ...task, thread: index + 1 })));
    } catch (error) {
      threads.end();
      if (error instanceof FailureError) throw error;
      throw new FailureError(failed('workers-unavailable', String(error)).failure);
    }
    return threads;
  }

  end(): void {
    for (const worker of this.workers) worker.terminate();
  }
}

function ready(worker: Worker, task: ThreadTask): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (technical: string): void => {
      clearTimeout(timer);
      reject(new FailureError(failed('workers-unavailable', technical).failure));
    };
    const timer = setTimeout(() => fail('a thread did not start'), patienceMs);
    worker.onmessage = ({ data }: MessageEvent<ThreadReport>): void => {
      if (data !== 'ready') return fail(data.failure);
      clearTimeout(timer);
      resolve();
    };
    worker.onerror = ({ message }): void => fail(message || 'a thread could not be started');
    worker.onmessageerror = (): void => fail('a thread was sent a memory that it cannot share');
    try {
      worker.postMessage(task);
    } catch (error) {
      fail(String(error));
    }
  });
}
