import type { CeilingReadings } from '../../src/shared/domain/benchmark/ceiling';
import { hasThreads } from '../../src/shared/platform/llama-cpp-facts';
import { usualThreads } from '../engine/choose-threads';
import { DeviceMemoryReader } from './memory-reader';
import { Stopped } from './stop';

/** How fast a large model could read its weights here, beside any benchmark. @returns null when it was stopped */
export async function measureMemory(mostBytes: number, signal: AbortSignal): Promise<CeilingReadings | null> {
  const threads = usualThreads(navigator.hardwareConcurrency, hasThreads());
  const reader = new DeviceMemoryReader({ backend: 'cpu', threads, usualThreads: threads });
  try {
    return await reader.measure('brief', mostBytes, signal);
  } catch (error) {
    if (error instanceof Stopped) return null;
    throw error;
  } finally {
    reader.end();
  }
}
