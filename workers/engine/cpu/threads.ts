/** The other threads of a model: workers that compute beside this one, over the same memory. */
import cpuThreadUrl from '../../cpu-thread.worker.ts?worker&url';
import { startWorker } from '../../../src/contracts/trusted-worker';

/** All that a thread is ever told. */
export interface ThreadTask {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  /** Where the fields of the model begin. */
  readonly model: number;
  /** From 1; the thread that calls is 0. */
  readonly thread: number;
}

/** How long threads may take to start, in ms. They are of our own origin, and small. */
const patienceMs = 15_000;

export class Threads {
  private constructor(private readonly workers: readonly Worker[]) {}

  /**
   * Starts as many as there are to be beside this one. All have to be ready before the first pass, which would wait for them.
   * @throws Error when one of them cannot be started
   */
  static async start(count: number, task: Omit<ThreadTask, 'thread'>): Promise<Threads> {
    const workers = Array.from({ length: count }, () => startWorker(cpuThreadUrl, 'cpu-thread'));
    const threads = new Threads(workers);
    try {
      await Promise.all(workers.map((worker, index) => ready(worker, { ...task, thread: index + 1 })));
    } catch (error) {
      threads.end();
      throw error;
    }
    return threads;
  }

  end(): void {
    for (const worker of this.workers) worker.terminate();
  }
}

function ready(worker: Worker, task: ThreadTask): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('a thread did not start')), patienceMs);
    const settle = (outcome: () => void): void => {
      clearTimeout(timer);
      outcome();
    };
    worker.onmessage = (): void => settle(resolve);
    worker.onerror = ({ message }): void => settle(() => reject(new Error(message || 'a thread could not be started')));
    worker.onmessageerror = (): void =>
      settle(() => reject(new Error('a thread was sent a memory that it cannot share')));
    worker.postMessage(task);
  });
}
