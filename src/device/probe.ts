/** Asks the browser what this device can do. */
import type { DeviceFacts } from '../shared/domain/device';
import { hasThreads, llamaCppFacts } from '../shared/platform/llama-cpp-facts';
import { wasmLack } from '../shared/platform/wasm-features';
import { isMobile } from './mobile';
import { probeWebGpu } from './webgpu-probe';
import { within } from './within';

/**
 * Never rejects: what a browser does not tell, or is too slow to tell, comes out as unknown. This is the one place that
 * touches WebGPU, which can wake a second GPU or a broken driver: so it is called when the answer is wanted and not before.
 */
export async function probeDevice(): Promise<DeviceFacts> {
  const [webgpu, storage] = await Promise.all([probeWebGpu(), probeStorage()]);
  const { deviceMemory } = navigator as Navigator & { readonly deviceMemory?: unknown };
  const cores = navigator.hardwareConcurrency;
  return {
    webgpu,
    memoryGiB: isAmount(deviceMemory) ? deviceMemory : null,
    cores: isAmount(cores) ? Math.max(1, cores) : 1,
    crossOriginIsolated: globalThis.crossOriginIsolated === true,
    threads: hasThreads(),
    llamaCpp: llamaCppFacts(),
    sottoEngine: wasmLack() === null,
    mobile: isMobile(),
    storage,
  };
}

const isAmount = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value) && value > 0;

async function probeStorage(): Promise<DeviceFacts['storage']> {
  // Outside of a secure context there is no `navigator.storage`; in it, a private window may refuse to answer.
  const manager = (navigator as { readonly storage?: Partial<StorageManager> }).storage;
  const [estimate, persisted] = await Promise.all([
    within(() => manager?.estimate?.()),
    within(() => manager?.persisted?.()),
  ]);
  const bytes = (value: unknown): number | null => (typeof value === 'number' && value >= 0 ? value : null);
  return {
    quotaBytes: bytes(estimate?.quota),
    usedBytes: bytes(estimate?.usage),
    persisted: typeof persisted === 'boolean' ? persisted : null,
  };
}
