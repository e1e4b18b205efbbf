/** What a browser's memory rises to while something goes on, over what it has when nothing does. */
import { memoryOf, processesOf, type BrowserProcess } from './browser-processes';

const everyMs = 100;
const refreshMs = 1000;
/** What a start leaves to do must not count as idle. */
const settleMs = 2000;

type Sample = Readonly<Record<string, number>>;

export interface MemoryRise {
  /** Sum over all processes, in bytes. */
  readonly idleBytes: number;
  /** The highest sum, less the idle one. */
  readonly riseBytes: number;
  /** The highest of each kind of process, less its idle one: not at the same moment. */
  readonly riseBytesByKind: Readonly<Record<string, number>>;
}

export class MemoryWatch {
  readonly #samples: Sample[] = [];
  #idle: Sample = {};
  #processes: BrowserProcess[] = [];
  #running = true;
  readonly #done: Promise<void>;

  private constructor(private readonly profile: string) {
    this.#done = this.#run();
  }

  /** Resolves when the browser has come to rest and its idle memory is known. */
  static async start(profile: string): Promise<MemoryWatch> {
    const watch = new MemoryWatch(profile);
    await new Promise((resolve) => setTimeout(resolve, settleMs));
    watch.#idle = watch.#samples.at(-1) ?? {};
    watch.#samples.length = 0;
    return watch;
  }

  async stop(): Promise<MemoryRise> {
    this.#running = false;
    await this.#done;
    const idleBytes = sum(this.#idle);
    const kinds = [...new Set(this.#samples.flatMap(Object.keys))];
    const highest = (of: (sample: Sample) => number): number => Math.max(...this.#samples.map(of));
    return {
      idleBytes,
      riseBytes: highest(sum) - idleBytes,
      riseBytesByKind: Object.fromEntries(
        kinds.map((kind) => [kind, highest((sample) => sample[kind] ?? 0) - (this.#idle[kind] ?? 0)]),
      ),
    };
  }

  async #run(): Promise<void> {
    let refreshAt = 0;
    while (this.#running) {
      const next = performance.now() + everyMs;
      if (performance.now() >= refreshAt) {
        this.#processes = await processesOf(this.profile);
        refreshAt = performance.now() + refreshMs;
      }
      const bytes = await Promise.all(this.#processes.map(memoryOf));
      const sample: Record<string, number> = {};
      for (const [index, { kind }] of this.#processes.entries())
        sample[kind] = (sample[kind] ?? 0) + (bytes[index] ?? 0);
      this.#samples.push(sample);
      await new Promise((resolve) => setTimeout(resolve, Math.max(0, next - performance.now())));
    }
  }
}

const sum = (sample: Sample): number => Object.values(sample).reduce((total, bytes) => total + bytes, 0);

/** For the details of a row. */
export const inMegabytes = ({ idleBytes, riseBytes, riseBytesByKind }: MemoryRise): Record<string, unknown> => ({
  idle: Math.round(idleBytes / 1e6),
  rise: Math.round(riseBytes / 1e6),
  byProcess: Object.fromEntries(
    Object.entries(riseBytesByKind).map(([kind, bytes]) => [kind, Math.round(bytes / 1e6)]),
  ),
});
