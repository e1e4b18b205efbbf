/** What a GGUF needs on the CPU, of the engine that computes it there: Sotto's own, or llama.cpp for kinds that it does not know. */
import { sottoMemoryShare } from '../shared/domain/benchmark/prediction';
import { isCpuArchitecture } from '../shared/domain/cpu-architectures';
import type { DeviceFacts } from '../shared/domain/device';
import type { FitNeed, FitReason } from '../shared/domain/fit';

/** The engine's own share of the memory, beside weights and cache. */
const engineBytes = 256 * 1024 ** 2;
/** Addresses have 32 bits, whatever the device has. */
const mostMemoryBytes = 4 * 1024 ** 3;

/** Smaller ones are quick everywhere. */
const smallModelParameters = 30e6;

/**
 * Memory speed in GB/s where nobody has measured it: that of the machine on which Qwen3-0.6B in Q4_K_M (0.397 GB) made 22 tokens
 * per second at 0.46 of it, with one thread and with two alike (docs/cpu-engine.md). So threads do not count here, memory does.
 */
const usualMemoryGBps = 19;
/** Tokens per second: 230 words a minute, as people read, and half of that. */
const readingRate = 5;
const bearableRate = 2.5;

/**
 * llama.cpp is limited by its arithmetic instead. It takes half of the cores, and beyond six they gain nothing; for each thread,
 * so many parameters in 4 to 6 bits write about as fast as one reads, and are bearable (tools/measure/engine-comparison.md).
 */
const llamaCppThreads = 6;
const briskParametersPerThread = 0.55e9;
const bearableParametersPerThread = 1.1e9;

/** Why a GGUF model would not run here, or not fast; nothing about memory that is not WebAssembly's own. */
export function cpuReasons(need: FitNeed, device: DeviceFacts): FitReason[] {
  const words = need.projectorBytes === undefined;
  const isOwn =
    device.sottoEngine && words && (need.architecture === undefined || isCpuArchitecture(need.architecture));
  if (!isOwn && device.llamaCpp === null) return [{ kind: 'no-llama-cpp' }];
  const pace = isOwn ? ownPace(need, device) : llamaCppPace(need, device);
  return [...wasmReasons(need, device, isOwn), ...speedReasons(pace, device)];
}

function wasmReasons(
  { bytes, memoryBytes, projectorBytes = 0 }: FitNeed,
  { llamaCpp }: DeviceFacts,
  isOwn: boolean,
): FitReason[] {
  // What the browser was found to grant one engine; phones grant less than others.
  const limitBytes = llamaCpp?.memoryBytes ?? mostMemoryBytes;
  if (bytes + engineBytes > limitBytes) return [{ kind: 'exceeds-wasm-memory', neededBytes: memoryBytes, limitBytes }];
  const pieceBytes = isOwn ? Infinity : (llamaCpp?.pieceBytes ?? Infinity);
  const weightsBytes = Math.max(bytes - projectorBytes, projectorBytes);
  if (weightsBytes > pieceBytes) return [{ kind: 'exceeds-weights-limit', weightsBytes, limitBytes: pieceBytes }];
  return memoryBytes > limitBytes ? [{ kind: 'short-context', limitBytes }] : [];
}

type Pace = 'brisk' | 'slow' | 'very-slow';

/** All weights are read for every token: the speed of memory decides. */
function ownPace({ bytes, parameters }: FitNeed, { memoryGBps = usualMemoryGBps }: DeviceFacts): Pace {
  if (parameters === undefined || parameters < smallModelParameters) return 'brisk';
  const rate = (sottoMemoryShare * memoryGBps * 1e9) / bytes;
  return rate >= readingRate ? 'brisk' : rate >= bearableRate ? 'slow' : 'very-slow';
}

function llamaCppPace({ parameters }: FitNeed, { cores, threads: severalThreads }: DeviceFacts): Pace {
  if (parameters === undefined || parameters < smallModelParameters) return 'brisk';
  const threads = severalThreads ? Math.min(llamaCppThreads, cores <= 2 ? cores : Math.ceil(cores / 2)) : 1;
  const perThread = parameters / threads;
  if (perThread <= briskParametersPerThread) return 'brisk';
  return perThread <= bearableParametersPerThread ? 'slow' : 'very-slow';
}

function speedReasons(pace: Pace, { cores, crossOriginIsolated }: DeviceFacts): FitReason[] {
  if (pace === 'brisk') return [];
  // With one core there is nothing that more threads would gain.
  const couldHaveMore = !crossOriginIsolated && cores > 1;
  return [{ kind: 'slow-on-cpu', pace }, ...(couldHaveMore ? [{ kind: 'one-thread' } as const] : [])];
}
