import type { Remote } from 'comlink';
import { startWorker } from '../../src/shared/platform/trusted-worker';
import { WorkerHandle } from '../../src/shared/platform/worker-handle';
import type { CeilingReadings } from '../../src/shared/domain/benchmark/ceiling';
import gpuWorkerUrl from '../gpu-limit.worker.ts?worker&url';
import type { GpuLimit } from './gpu/gpu-limit';
import { measureCpuLimit } from './memory/cpu-limit';
import { ReadTeam } from './memory/read-team';
import type { MemoryReader } from './runner-parts';
import { orStopped, Stopped } from './stop';

const sampleBytes = 64 * 1024 ** 2;
const sampleMs = 200;

export interface ReaderOptions {
  /** Where the engine computes: its memory is the one that is sampled. */
  readonly backend: 'cpu' | 'webgpu';
  /** Of the engine. */
  readonly threads: number;
  /** Of a large model here; the same for most. */
  readonly usualThreads: number;
}

/** The CPU's memory by threads that read, the GPU's by a kernel. What a device does not have is left out. */
export class DeviceMemoryReader implements MemoryReader {
  #team: ReadTeam | null = null;
  readonly #gpu = new WorkerHandle<GpuLimit>({
    start: () => startWorker(gpuWorkerUrl, 'gpu-limit'),
    name: "the thread that reads the GPU's memory",
    crashed: 'unexpected',
  });

  constructor(private readonly options: ReaderOptions) {}

  async measure(how: 'brief' | 'full', mostBytes: number, signal: AbortSignal): Promise<CeilingReadings> {
    const { backend, threads, usualThreads } = this.options;
    const cpu = await measureCpuLimit([...new Set([threads, usualThreads])], { how, mostBytes }, signal);
    const gpu = await this.#askGpu(
      (limit) => limit.measure({ how, mostBytes, softwareToo: backend === 'webgpu' }),
      signal,
    );
    return { cpu, gpu };
  }

  async sample(signal: AbortSignal): Promise<number | null> {
    if (this.options.backend === 'webgpu') return this.#askGpu((limit) => limit.sample(), signal);
    try {
      this.#team ??= await orStopped(ReadTeam.start(this.options.threads, sampleBytes), signal);
      return await orStopped(this.#team.read(sampleBytes, sampleMs), signal);
    } catch (error) {
      if (error instanceof Stopped) throw error;
      return null;
    }
  }

  end(): void {
    this.#team?.end();
    this.#team = null;
    this.#gpu.end();
  }

  /** A GPU that fails here is one without a known limit; whether the engine can use it is another matter. */
  async #askGpu<T>(ask: (limit: Remote<GpuLimit>) => Promise<T>, signal: AbortSignal): Promise<T | null> {
    try {
      return await orStopped(ask(this.#gpu.start()), signal);
    } catch (error) {
      if (error instanceof Stopped) throw error;
      return null;
    }
  }
}
