/** What llama.cpp needs, which runs GGUF on the CPU. */
import type { DeviceFacts } from '../contracts/device';
import type { FitNeed, FitReason } from '../contracts/fit';
import type { LlamaCppFacts } from '../contracts/llama-cpp-facts';

/** The engine's own share of it, beside weights and cache. */
const engineBytes = 256 * 1024 ** 2;

/** Below this one thread is quick, and several would only wait for each other. */
const smallModelParameters = 30e6;
/** The engine takes half of the cores; beyond six, memory is the limit and not the count of threads. */
const mostUsefulThreads = 6;
/**
 * Parameters for each thread up to which a model of 4 or 6 bits writes about as fast as one reads, and up to which it is
 * bearable. Measured: 0.6e9 on one core of a slow machine is at reading speed (tools/measure/engine-comparison.md).
 */
const briskParametersPerThread = 0.55e9;
const bearableParametersPerThread = 1.1e9;

/** Why a GGUF model would not run here, or not fast; nothing about memory that is not WebAssembly's own. */
export function cpuReasons(need: FitNeed, device: DeviceFacts): FitReason[] {
  if (device.llamaCpp === null) return [{ kind: 'no-llama-cpp' }];
  return [...wasmReasons(need, device.llamaCpp), ...speedReasons(need.parameters, device)];
}

function wasmReasons({ bytes, memoryBytes }: FitNeed, llamaCpp: LlamaCppFacts): FitReason[] {
  const limitBytes = llamaCpp.memoryBytes;
  if (bytes + engineBytes > limitBytes) return [{ kind: 'exceeds-wasm-memory', neededBytes: memoryBytes, limitBytes }];
  const { pieceBytes } = llamaCpp;
  if (bytes > pieceBytes) return [{ kind: 'exceeds-weights-limit', weightsBytes: bytes, limitBytes: pieceBytes }];
  return memoryBytes > limitBytes ? [{ kind: 'short-context', limitBytes }] : [];
}

function speedReasons(
  parameters: number | undefined,
  { cores, threads: severalThreads, crossOriginIsolated }: DeviceFacts,
): FitReason[] {
  if (parameters === undefined || parameters < smallModelParameters) return [];
  const threads = severalThreads ? Math.min(mostUsefulThreads, cores <= 2 ? cores : Math.ceil(cores / 2)) : 1;
  const perThread = parameters / threads;
  if (perThread <= briskParametersPerThread) return [];
  const pace = perThread <= bearableParametersPerThread ? 'slow' : 'very-slow';
  // With one core there is nothing that more threads would gain.
  const couldHaveMore = !crossOriginIsolated && cores > 1;
  return [{ kind: 'slow-on-cpu', pace }, ...(couldHaveMore ? [{ kind: 'one-thread' } as const] : [])];
}
