/** The one place that turns a fit into words. */
import type { Fit, FitReason, FitVerdict } from '../shared/domain/fit';
import { formatBytes, formatCount, formatExpectedRate } from './formatting';
import { m } from './paraglide/messages.js';

export interface FitText {
  /** The verdict in a few words. */
  readonly title: string;
  /** One sentence for each reason, the weightiest first. */
  readonly reasons: readonly string[];
}

const titles: Readonly<Record<FitVerdict, () => string>> = {
  good: m.device_fit_good,
  slow: m.device_fit_slow,
  tight: m.device_fit_tight,
  unlikely: m.device_fit_unlikely,
};

export function fitText({ verdict, reasons }: Fit): FitText {
  // Not the device's fault, and no other device would do better.
  const missing = reasons.some(({ kind }) => kind === 'engine-missing');
  return { title: missing ? m.device_fit_not_yet() : titles[verdict](), reasons: reasons.map(reasonText) };
}

function reasonText(reason: FitReason): string {
  switch (reason.kind) {
    case 'engine-missing':
      return m.device_fit_engine_missing({ format: reason.format.toUpperCase() });
    case 'needs-webgpu':
      return reason.cause === 'no-api' ? m.device_fit_needs_webgpu() : m.device_fit_needs_adapter();
    case 'needs-f16':
      return m.device_fit_needs_f16();
    case 'software-gpu':
      return m.device_fit_software_gpu();
    case 'gpu-limits':
      return limitText(reason);
    case 'exceeds-wasm-memory':
      return m.device_fit_exceeds_wasm({
        needed: formatBytes(reason.neededBytes),
        limit: formatBytes(reason.limitBytes),
      });
    case 'short-context':
      return m.device_fit_short_context({ limit: formatBytes(reason.limitBytes) });
    case 'exceeds-weights-limit':
      return m.device_fit_exceeds_weights({
        weights: formatBytes(reason.weightsBytes),
        limit: formatBytes(reason.limitBytes),
      });
    case 'no-llama-cpp':
      return m.device_fit_no_llama_cpp();
    case 'memory-tight':
      return m.device_fit_memory_tight({
        needed: formatBytes(reason.neededBytes),
        device: formatBytes(reason.deviceBytes),
      });
    case 'mobile-memory':
      return m.device_fit_mobile_memory({ needed: formatBytes(reason.neededBytes) });
    case 'one-thread':
      return m.device_fit_one_thread();
    case 'slow-on-cpu':
      return reason.pace === 'slow' ? m.device_fit_slow_on_cpu() : m.device_fit_very_slow_on_cpu();
    case 'slow-as-measured':
      return m.device_fit_slow_as_measured({ rate: formatExpectedRate(reason.tokensPerSecond) });
    case 'storage-short':
      return m.device_fit_storage_short({
        needed: formatBytes(reason.neededBytes),
        free: formatBytes(reason.freeBytes),
      });
    case 'light':
      return m.device_fit_light();
    case 'needs-memory':
      return m.device_fit_needs_memory({ needed: formatBytes(reason.neededBytes) });
    case 'needs-gpu-memory':
      return m.device_fit_needs_gpu_memory({ needed: formatBytes(reason.neededBytes) });
  }
}

function limitText({ limit, needed, available }: Extract<FitReason, { kind: 'gpu-limits' }>): string {
  switch (limit) {
    case 'storage-buffers':
      return m.device_fit_limit_buffers({ needed: formatCount(needed), available: formatCount(available) });
    case 'workgroup-storage':
      return m.device_fit_limit_workgroup({ needed: formatBytes(needed), available: formatBytes(available) });
    case 'tensor':
      return m.device_fit_limit_tensor({ needed: formatBytes(needed), available: formatBytes(available) });
  }
}
