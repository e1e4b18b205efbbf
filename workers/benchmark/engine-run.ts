/** Puts a run together from what the engine worker has. Loaded when the first benchmark is run. */
import type { LoadedModel, LoadRequest } from '../../src/shared/protocol/engine';
import { hasThreads } from '../../src/shared/platform/llama-cpp-facts';
import type { BenchmarkEnd, BenchmarkEvent, BenchmarkPlan } from '../../src/shared/protocol/benchmark';
import type { Engine } from '../engine/engine';
import { usualThreads } from '../engine/choose-threads';
import { pause } from '../pause';
import type { FileContent } from '../file-content';
import { workerClock } from './clock';
import { FixedWork } from './fixed-work';
import { DeviceMemoryReader } from './memory-reader';
import type { ReportedPage } from './reported-page';
import { runBenchmark } from './runner';
import type { GpuCounter } from './runner-parts';
import { checkStopped } from './stop';

export interface EngineRun {
  readonly engine: Engine;
  readonly loaded: LoadedModel;
  readonly plan: BenchmarkPlan;
  readonly page: ReportedPage;
  readonly gpu: GpuCounter | null;
  readonly post: (event: BenchmarkEvent) => void;
  /** Runs `work` on the weights while nobody may delete or repair them. */
  readonly withFiles: <T>(
    files: LoadRequest['files'],
    work: (files: readonly FileContent[]) => Promise<T>,
  ) => Promise<T>;
}

/** As much as engines read at a time. */
const blockBytes = 4 * 1024 ** 2;
/** Enough to know the speed. */
const mostBytes = 512 * 1024 ** 2;

export function runOnEngine(job: EngineRun, signal: AbortSignal): Promise<BenchmarkEnd> {
  const { plan, loaded, engine, withFiles } = job;
  const work = new FixedWork(workerClock);
  const files = plan.readWeights;
  return runBenchmark(
    {
      engine,
      contextTokens: loaded.contextTokens,
      clock: workerClock,
      wait: pause,
      post: job.post,
      page: job.page,
      memory:
        plan.ceiling === 'none' || loaded.backend === 'server'
          ? null
          : new DeviceMemoryReader({
              backend: loaded.backend,
              threads: loaded.threads,
              usualThreads: usualThreads(navigator.hardwareConcurrency, hasThreads()),
            }),
      // llama.cpp has its device in a worker of its own, which nobody can look into.
      gpu: loaded.engine === 'webllm' ? job.gpu : null,
      canary: () => work.run(),
      readWeights: files && ((stop) => withFiles(files, (contents) => readAll(contents, stop))),
    },
    plan,
    signal,
  );
}

async function readAll(contents: readonly FileContent[], signal: AbortSignal): Promise<number> {
  let bytes = 0;
  for (const content of contents) {
    for (let start = 0; start < content.size && bytes < mostBytes; start += blockBytes) {
      bytes += (await content.slice(start, start + blockBytes).arrayBuffer()).byteLength;
      checkStopped(signal);
    }
  }
  return bytes;
}
