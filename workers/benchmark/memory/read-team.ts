import type { Remote } from 'comlink';
import { startWorker } from '../../../src/shared/platform/trusted-worker';
import { WorkerHandle } from '../../../src/shared/platform/worker-handle';
import kernelWorkerUrl from '../../read-kernel.worker.ts?worker&url';
import { pageBytes, type ReadKernel } from './read-kernel';
import { roundBytes } from './read-module';

/** Threads that read one memory together, each its own part, as the threads of an engine do. */
export class ReadTeam {
  readonly #workers: readonly WorkerHandle<ReadKernel>[];
  #kernels: readonly Remote<ReadKernel>[] = [];

  private constructor(
    readonly threads: number,
    readonly bytes: number,
  ) {
    this.#workers = Array.from(
      { length: threads },
      () =>
        new WorkerHandle<ReadKernel>({
          start: () => startWorker(kernelWorkerUrl, 'read-kernel'),
          name: 'a thread that reads memory',
          crashed: 'unexpected',
        }),
    );
  }

  /**
   * @param threads more than one only where memory can be shared
   * @param bytes wanted; half of it, and so on, where the memory is not to be had
   * @throws Error when not even a MiB is to be had, or a worker cannot start
   */
  static async start(threads: number, bytes: number): Promise<ReadTeam> {
    for (let size = bytes; size >= 1024 ** 2; size /= 2) {
      try {
        return await ReadTeam.#startWith(threads, size);
      } catch (error) {
        if (!(error instanceof RangeError) && !(error instanceof Error && error.name === 'RangeError')) throw error;
      }
    }
    throw new Error('no memory to read');
  }

  static async #startWith(threads: number, bytes: number): Promise<ReadTeam> {
    const pages = Math.ceil(bytes / pageBytes);
    const memory = threads > 1 ? new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true }) : undefined;
    const team = new ReadTeam(threads, bytes);
    try {
      await team.#prepare(memory);
    } catch (error) {
      team.end();
      throw error;
    }
    return team;
  }

  /** GB/s of all threads together, reading `bytes` over and over for about so long. */
  async read(bytes: number, milliseconds: number): Promise<number> {
    const share = this.#share(Math.min(bytes, this.bytes));
    const readings = await Promise.all(this.#kernels.map((kernel) => kernel.read(share, milliseconds)));
    return readings.reduce((sum, reading) => sum + reading.bytes / reading.milliseconds / 1e6, 0);
  }

  /** Ends the threads, which gives the memory back at once. */
  end(): void {
    for (const worker of this.#workers) worker.end();
  }

  async #prepare(memory: WebAssembly.Memory | undefined): Promise<void> {
    const bytes = this.#share(this.bytes);
    this.#kernels = this.#workers.map((worker) => worker.start());
    await Promise.all(
      this.#kernels.map((kernel, index) => kernel.prepare({ ...(memory && { memory }), offset: index * bytes, bytes })),
    );
  }

  #share(bytes: number): number {
    return Math.floor(bytes / this.threads / roundBytes) * roundBytes;
  }
}
