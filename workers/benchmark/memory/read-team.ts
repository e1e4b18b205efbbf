import { releaseProxy, wrap, type Remote } from 'comlink';
import { startWorker } from '../../../src/shared/platform/trusted-worker';
import kernelWorkerUrl from '../../read-kernel.worker.ts?worker&url';
import { pageBytes, type ReadKernel } from './read-kernel';
import { roundBytes } from './read-module';

interface Member {
  readonly worker: Worker;
  readonly kernel: Remote<ReadKernel>;
}

/** Threads that read one memory together, each its own part, as the threads of an engine do. */
export class ReadTeam {
  private constructor(
    private readonly members: readonly Member[],
    private readonly lost: Promise<never>,
    readonly bytes: number,
  ) {}

  get threads(): number {
    return this.members.length;
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
    const members = Array.from({ length: threads }, (): Member => {
      const worker = startWorker(kernelWorkerUrl, 'read-kernel');
      return { worker, kernel: wrap<ReadKernel>(worker) };
    });
    const lost = new Promise<never>((_, reject) => {
      for (const { worker } of members)
        worker.onerror = ({ message }): void => reject(new Error(`a thread that reads memory ended: ${message}`));
    });
    lost.catch(() => undefined);
    const team = new ReadTeam(members, lost, bytes);
    const share = team.#share(bytes);
    try {
      await Promise.race([
        lost,
        Promise.all(
          members.map(({ kernel }, index) =>
            kernel.prepare({ ...(memory && { memory }), offset: index * share, bytes: share }),
          ),
        ),
      ]);
    } catch (error) {
      team.end();
      throw error;
    }
    return team;
  }

  /** GB/s of all threads together, reading `bytes` over and over for about so long. */
  async read(bytes: number, milliseconds: number): Promise<number> {
    const share = this.#share(Math.min(bytes, this.bytes));
    const readings = await Promise.race([
      this.lost,
      Promise.all(this.members.map(({ kernel }) => kernel.read(share, milliseconds))),
    ]);
    return readings.reduce((sum, reading) => sum + reading.bytes / reading.milliseconds / 1e6, 0);
  }

  /** Ends the threads, which gives the memory back at once. */
  end(): void {
    for (const { worker, kernel } of this.members) {
      kernel[releaseProxy]();
      worker.terminate();
    }
  }

  #share(bytes: number): number {
    return Math.floor(bytes / this.members.length / roundBytes) * roundBytes;
  }
}
