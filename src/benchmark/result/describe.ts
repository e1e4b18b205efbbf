/** The conditions of a run: engine, model, device and surroundings, each as the schema wants it. */
import { cutText } from '../../shared/domain/cut-text';
import type { WeightAccounting } from '../../shared/domain/benchmark/ceiling';
import type { ResultDevice, ResultEnd, ResultEngine, ResultEnvironment, ResultModel } from '../statistics/result';
import type { DeviceFacts } from '../../shared/domain/device';
import type { LoadedModel } from '../../shared/protocol/engine';
import type { ModelIdentity, RunFacts } from './run-facts';
import { thisBrowser } from './this-browser';

/** "wllama 3.8.1 (llama.cpp b11364-46ca246)" in its parts. */
export function engineParts(version: string): Pick<ResultEngine, 'name' | 'version' | 'core'> {
  const [, name = version, number = '', core = ''] = /^(\S+)\s*([^\s(]*)\s*(?:\((.*)\))?$/.exec(version) ?? [];
  return { name, version: number, core };
}

export function describeEngine(loaded: LoadedModel, { webgpu }: DeviceFacts): ResultEngine {
  const { tuning, backend, threads, contextTokens } = loaded;
  const software = backend === 'webgpu' && webgpu.available && webgpu.software;
  return {
    ...engineParts(loaded.engineVersion),
    // The engine itself says where it runs: a GPU that was asked for and does not compute is a failure of the load.
    backend_requested: loaded.engine === 'webllm' ? 'webgpu' : backend,
    backend_effective: software ? 'webgpu-software' : backend,
    threads,
    n_gpu_layers: tuning?.gpuLayers ?? (backend === 'webgpu' ? 99 : 0),
    n_layers: tuning?.layers ?? loaded.accounting?.layers ?? 0,
    n_ctx: contextTokens,
    n_batch: tuning?.batchTokens ?? 0,
    n_ubatch: tuning?.microBatchTokens ?? 0,
    type_k: tuning?.cacheTypeK ?? '',
    type_v: tuning?.cacheTypeV ?? '',
    flash_attn: tuning?.flashAttention ?? false,
    async: tuning?.async ?? '',
    mem64: tuning?.memory64 ?? false,
    sampler: 'greedy',
    spec: false,
    streaming: 'push',
  };
}

/** What of a failure has a place in a result: with more, its file would be refused, or seem to have been changed. */
export const describeEnd = ({ how, failure }: ResultEnd): ResultEnd => ({
  how,
  ...(failure && { failure: { kind: failure.kind, technical: cutText(failure.technical, 2000) } }),
});

/** Names are cut to what the layout allows: whoever made the weights may have written anything into them. */
export function describeModel(model: ModelIdentity, accounting: WeightAccounting | undefined): ResultModel {
  return {
    id: cutText(model.id, 200),
    name: cutText(model.name, 200),
    file: cutText(model.file, 300),
    sha256: model.sha256,
    arch: cutText(accounting?.architecture ?? '', 80),
    quant: cutText(accounting?.quantization ?? '', 40),
    size_bytes: accounting?.totalBytes ?? model.bytes,
    n_params: accounting?.parameters ?? 0,
    w_active_bytes: accounting?.activeBytes ?? null,
    kv_bytes_per_tok: accounting?.kvBytesPerToken ?? null,
    tied_embeddings: accounting?.tiedEmbeddings ?? null,
    moe: accounting?.experts ?? null,
  };
}

export function describeDevice({ device, record, label, localId }: RunFacts): ResultDevice {
  const { webgpu } = device;
  const { browser, major, os } = thisBrowser();
  return {
    gpu: webgpu.available
      ? {
          vendor: webgpu.vendor,
          architecture: webgpu.architecture,
          description: webgpu.description,
          fallback: webgpu.software,
          f16: webgpu.f16,
          subgroups: webgpu.subgroups,
          maxBufferSize: webgpu.maxBufferBytes,
          maxStorageBufferBindingSize: webgpu.maxStorageBufferBindingBytes,
        }
      : null,
    cores_reported: device.cores,
    device_memory_bucket: device.memoryGiB,
    os,
    browser,
    browser_major: major,
    context: matchMedia('(display-mode: standalone)').matches ? 'standalone' : 'tab',
    mobile: device.mobile,
    label_user: label,
    coi: device.crossOriginIsolated,
    timer_res_ms: record.resolutionMs ?? 0,
    local_id: localId,
  };
}

export function describeEnvironment({ observations, record, startedAt }: RunFacts): ResultEnvironment {
  const { battery, pressure, frameMs, wakeLock, disturbances } = observations;
  const seconds = (at: number): number => Math.round((at - startedAt) / 10) / 100;
  const canaries = record.reps.map(({ canaryMs }) => canaryMs);
  const quickest = Math.min(...canaries);
  const [firstSample = 1] = record.memorySamples;
  const rounded = (value: number): number => Math.round(value * 1000) / 1000;
  return {
    battery: battery && { charging: battery.charging, level0: battery.before, level1: battery.after },
    pressure: pressure.map(({ at, state }) => [seconds(at), state] as const),
    raf_ms: frameMs,
    wake_lock: wakeLock,
    canary_read: record.memorySamples.map((sample) => rounded(sample / firstSample)),
    canary_cpu: canaries.map((canary) => rounded(canary / quickest)),
    disturbances: disturbances.map(({ kind, from, to }) => ({
      kind,
      at: seconds(from),
      s: Math.round(to - from) / 1000,
    })),
  };
}
