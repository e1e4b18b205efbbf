/** What the browser tells of the device, in plain words. */
import type { DeviceFacts, WebGpuFacts } from '../shared/domain/device';
import { engineTitle } from '../text/engine-title';
import { formatBytes, formatCount } from '../text/formatting';
import { m } from '../text/paraglide/messages.js';
import type { Fact } from './model-facts';

/** Browsers tell no more than this, however much there is. */
const cappedGiB = 8;

export function deviceFacts(device: DeviceFacts): readonly Fact[] {
  return [
    { name: m.models_device_gpu(), value: gpuText(device.webgpu) },
    { name: m.models_device_processor(), value: processorText(device) },
    { name: m.models_device_engines(), value: enginesText(device) },
    { name: m.models_device_memory(), value: memoryText(device.memoryGiB) },
    { name: m.models_device_storage(), value: storageText(device.storage) },
  ];
}

function gpuText(gpu: WebGpuFacts): string {
  if (!gpu.available) return gpu.reason === 'no-api' ? m.models_gpu_no_api() : m.models_gpu_no_adapter();
  if (gpu.software) return m.models_gpu_software();
  const name = gpu.description || [gpu.vendor, gpu.architecture].filter((part) => part !== '').join(' ');
  const inputs = { name: name || m.models_gpu_unnamed() };
  return gpu.f16 ? m.models_gpu_f16(inputs) : m.models_gpu_no_f16(inputs);
}

/** Which engines can run here, and on what. */
function enginesText({ sottoEngine, llamaCpp, webgpu }: DeviceFacts): string {
  const gpu = webgpu.available && !webgpu.software;
  const llamaCppGpu = gpu && webgpu.f16 && llamaCpp?.gpu === true;
  const engines = [
    ...(sottoEngine ? [`${engineTitle('cpu')} (CPU)`] : []),
    ...(llamaCpp ? [`${engineTitle('llama.cpp')} (${llamaCppGpu ? 'CPU, GPU' : 'CPU'})`] : []),
    ...(gpu ? [`${engineTitle('webllm')} (GPU)`] : []),
  ];
  return engines.length > 0 ? engines.join(' · ') : m.models_device_no_engine();
}

function processorText({ cores, crossOriginIsolated, threads, llamaCpp, sottoEngine }: DeviceFacts): string {
  if (llamaCpp === null && !sottoEngine) return m.models_cpu_no_llama_cpp();
  const inputs = { cores: formatCount(cores) };
  if (threads) return m.models_cpu_threads(inputs);
  return crossOriginIsolated ? m.models_cpu_one_thread_browser(inputs) : m.models_cpu_one_thread(inputs);
}

function memoryText(gib: number | null): string {
  if (gib === null) return m.models_memory_unknown();
  // Memory is sold in units of 1024³ that are called GB.
  const size = formatBytes(gib * 1e9);
  return gib >= cappedGiB ? m.models_memory_at_least({ size }) : m.models_memory_about({ size });
}

function storageText({ quotaBytes, usedBytes }: DeviceFacts['storage']): string {
  if (quotaBytes === null) return m.models_storage_unknown();
  return m.models_storage_left({ free: formatBytes(Math.max(0, quotaBytes - (usedBytes ?? 0))) });
}

/** Limits and features by the names that WebGPU and the browser give them. */
export function deviceLimits(device: DeviceFacts): readonly Fact[] {
  const { webgpu: gpu, storage } = device;
  const plain: readonly Fact[] = [
    { name: 'crossOriginIsolated', value: String(device.crossOriginIsolated) },
    { name: 'hardwareConcurrency', value: String(device.cores) },
    { name: 'deviceMemory', value: device.memoryGiB === null ? '–' : `${device.memoryGiB} GiB` },
    { name: 'Sotto engine', value: String(device.sottoEngine) },
    { name: 'llama.cpp', value: device.llamaCpp?.build ?? '–' },
    { name: 'WebAssembly.Memory', value: device.llamaCpp ? formatBytes(device.llamaCpp.memoryBytes) : '–' },
    { name: 'mobile', value: String(device.mobile) },
    { name: 'storage.persisted', value: String(storage.persisted ?? '–') },
  ];
  if (!gpu.available) return plain;
  return [
    { name: 'adapter', value: [gpu.vendor, gpu.architecture, gpu.description].join(' ').trim() || '–' },
    { name: 'shader-f16', value: String(gpu.f16) },
    { name: 'subgroups', value: String(gpu.subgroups) },
    { name: 'maxBufferSize', value: formatBytes(gpu.maxBufferBytes) },
    { name: 'maxStorageBufferBindingSize', value: formatBytes(gpu.maxStorageBufferBindingBytes) },
    { name: 'maxComputeWorkgroupStorageSize', value: formatBytes(gpu.maxWorkgroupStorageBytes) },
    { name: 'maxStorageBuffersPerShaderStage', value: formatCount(gpu.maxStorageBuffersPerShaderStage) },
    ...plain,
  ];
}
