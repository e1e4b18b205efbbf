/** What devices are told about models: the verdict, and the reasons in order. */
import { describe, expect, it } from 'vitest';
import type { FitNeed, FitReason, FitVerdict } from '../../src/shared/domain/fit';
import type { WeightsFormat, WeightsManifest } from '../../src/shared/protocol/weights';
import { fitOf } from '../../src/device/fit';
import { needOf } from '../../src/device/fit-need';
import { runnableFormats } from '../../src/device/runnable-formats';
import { devices, fullGpu, type DeviceName } from '../fixtures/devices';

const GiB = 1024 ** 3;
const both: ReadonlySet<WeightsFormat> = new Set<WeightsFormat>(['gguf', 'mlc']);

const gguf = (parameters: number, bytes: number, cacheBytes: number): FitNeed => ({
  format: 'gguf',
  bytes,
  memoryBytes: bytes + cacheBytes + 160e6,
  needsF16: false,
  parameters,
});
const mlc = (bytes: number, memoryBytes: number, needsF16: boolean): FitNeed => ({
  format: 'mlc',
  bytes,
  memoryBytes,
  needsF16,
});

const models = {
  guide: gguf(4e6, 17e6, 5e6),
  '0.6B': gguf(0.6e9, 0.4e9, 0.47e9),
  '1.7B': gguf(1.7e9, 1.1e9, 0.47e9),
  '4B': gguf(4e9, 2.5e9, 0.6e9),
  '1.7B, hybrid': { ...gguf(1.7e9, 1.1e9, 0.47e9), architecture: 'lfm2' },
  '4B, hybrid': { ...gguf(4e9, 2.5e9, 0.6e9), architecture: 'lfm2' },
  '4B, wide': gguf(4e9, 3.6e9, 0.9e9),
  '8B': gguf(8.2e9, 5e9, 0.6e9),
  'mlc 0.6B f16': mlc(0.35e9, 1.4e9, true),
  'mlc 0.6B f32': mlc(0.35e9, 1.9e9, false),
  'mlc 8B f16': mlc(4.6e9, 5.7e9, true),
} as const;

type Expected = readonly [DeviceName, keyof typeof models, FitVerdict, readonly FitReason['kind'][]];

const expected: readonly Expected[] = [
  ['gaming PC', 'guide', 'good', ['light']],
  ['gaming PC', '0.6B', 'good', ['needs-memory']],
  ['gaming PC', '1.7B', 'good', ['needs-memory']],
  ['gaming PC', '4B', 'slow', ['slow-on-cpu']],
  ['gaming PC', '4B, wide', 'tight', ['short-context', 'slow-on-cpu']],
  ['gaming PC', '8B', 'unlikely', ['exceeds-wasm-memory', 'slow-on-cpu']],
  ['gaming PC', 'mlc 0.6B f16', 'good', ['needs-gpu-memory']],
  ['gaming PC', 'mlc 8B f16', 'good', ['needs-gpu-memory']],
  ['Mac', '1.7B', 'good', ['needs-memory']],
  ['Mac', 'mlc 8B f16', 'good', ['needs-gpu-memory']],
  ['old laptop', 'guide', 'good', ['light']],
  ['old laptop', '0.6B', 'good', ['needs-memory']],
  ['old laptop', '1.7B', 'good', ['needs-memory']],
  ['old laptop', '1.7B, hybrid', 'slow', ['slow-on-cpu']],
  ['old laptop', '4B', 'tight', ['memory-tight', 'slow-on-cpu']],
  ['old laptop', 'mlc 0.6B f16', 'unlikely', ['needs-f16']],
  ['old laptop', 'mlc 0.6B f32', 'good', ['needs-gpu-memory']],
  ['phone without WebGPU', 'guide', 'good', ['light']],
  ['phone without WebGPU', '0.6B', 'good', ['needs-memory']],
  ['phone without WebGPU', '1.7B', 'tight', ['mobile-memory']],
  ['phone without WebGPU', '4B', 'unlikely', ['mobile-memory', 'slow-on-cpu']],
  ['phone without WebGPU', 'mlc 0.6B f16', 'unlikely', ['needs-webgpu', 'mobile-memory']],
  ['iPad', 'guide', 'good', ['light']],
  ['iPad', '0.6B', 'good', ['needs-memory']],
  ['iPad', '1.7B', 'tight', ['mobile-memory']],
  ['iPad', '4B', 'unlikely', ['exceeds-wasm-memory', 'mobile-memory', 'slow-on-cpu']],
  ['iPad', 'mlc 0.6B f16', 'tight', ['mobile-memory']],
  ['iPad', 'mlc 8B f16', 'unlikely', ['mobile-memory']],
  ['Safari on a Mac', 'guide', 'good', ['light']],
  ['Safari on a Mac', '1.7B', 'good', ['needs-memory']],
  ['Safari on a Mac', '4B', 'slow', ['slow-on-cpu']],
  ['Safari on a Mac', '4B, hybrid', 'unlikely', ['exceeds-weights-limit', 'slow-on-cpu']],
  ['Safari on a Mac', 'mlc 8B f16', 'good', ['needs-gpu-memory']],
  ['strict mode', 'guide', 'unlikely', ['no-llama-cpp']],
  ['software GPU', '0.6B', 'good', ['needs-memory']],
  ['software GPU', 'mlc 0.6B f32', 'slow', ['software-gpu']],
  ['software GPU', 'mlc 0.6B f16', 'unlikely', ['needs-f16', 'software-gpu']],
  ['no isolation', 'guide', 'good', ['light']],
  ['no isolation', '0.6B', 'good', ['needs-memory']],
  ['no isolation', '1.7B, hybrid', 'slow', ['slow-on-cpu', 'one-thread']],
  ['no isolation', '4B', 'slow', ['slow-on-cpu', 'one-thread']],
  ['no isolation', 'mlc 0.6B f16', 'good', ['needs-gpu-memory']],
];

describe('the fit of a model', () => {
  it.each(expected)('%s, %s: %s', (device, model, verdict, kinds) => {
    const fit = fitOf(models[model], devices[device], both);
    expect({ verdict: fit.verdict, kinds: fit.reasons.map(({ kind }) => kind) }).toEqual({ verdict, kinds });
  });

  it('is not refused for the memory that a browser tells at its cap', () => {
    for (const memoryGiB of [8, 16, 32, null]) {
      const fit = fitOf(models['mlc 8B f16'], { ...devices['gaming PC'], memoryGiB }, both);
      expect(fit.verdict).toBe('good');
    }
    expect(fitOf(models['mlc 8B f16'], { ...devices['gaming PC'], memoryGiB: 4 }, both).reasons).toEqual([
      { kind: 'memory-tight', neededBytes: 5.7e9, deviceBytes: 4 * GiB },
    ]);
  });

  it('counts what is stored already as space that is not needed', () => {
    const storage = { quotaBytes: 1e9, usedBytes: 0.9e9, persisted: false };
    const device = { ...devices['gaming PC'], storage };
    const need = models['0.6B'];
    const short = fitOf(need, device);
    expect(short.verdict).toBe('tight');
    expect(short.reasons).toEqual([{ kind: 'storage-short', neededBytes: 0.4e9, freeBytes: expect.closeTo(0.1e9) }]);
    expect(fitOf({ ...need, storedBytes: 0.4e9 }, device).verdict).toBe('good');
    expect(fitOf({ ...need, storedBytes: 0.35e9 }, device).verdict).toBe('good');
    const unknown = { ...storage, quotaBytes: null };
    expect(fitOf(need, { ...device, storage: unknown }).verdict).toBe('good');
  });

  it('names each limit of a GPU that the engine would stumble over', () => {
    const on = (gpu: Partial<Record<keyof typeof fullGpu, number>>, largestTensorBytes = 0) =>
      fitOf(
        { ...models['mlc 0.6B f16'], largestTensorBytes },
        { ...devices['gaming PC'], webgpu: { ...fullGpu, ...gpu } as typeof fullGpu },
        both,
      );
    expect(on({ maxStorageBuffersPerShaderStage: 8 })).toEqual({
      verdict: 'unlikely',
      reasons: [{ kind: 'gpu-limits', limit: 'storage-buffers', needed: 10, available: 8 }],
    });
    expect(on({ maxWorkgroupStorageBytes: 16384 }).reasons).toEqual([
      { kind: 'gpu-limits', limit: 'workgroup-storage', needed: 32768, available: 16384 },
    ]);
    const small = { maxStorageBufferBindingBytes: 128 * 1024 ** 2 };
    expect(on(small, 256 * 1024 ** 2).reasons).toEqual([
      { kind: 'gpu-limits', limit: 'tensor', needed: 256 * 1024 ** 2, available: 128 * 1024 ** 2 },
    ]);
    expect(on(small, 100 * 1024 ** 2).verdict).toBe('good');
    // What lies between its two wishes is granted by the GPU, and not asked for.
    expect(on({ maxStorageBufferBindingBytes: 512 * 1024 ** 2 }, 200 * 1024 ** 2).reasons[0]).toMatchObject({
      limit: 'tensor',
      available: 128 * 1024 ** 2,
    });
    expect(on({ maxBufferBytes: 512 * 1024 ** 2 }, 200 * 1024 ** 2).verdict).toBe('good');
    // WebLLM asks for no more than 1 GiB, even where more is to be had.
    expect(on({}, 1.5 * GiB).reasons[0]).toMatchObject({ kind: 'gpu-limits', available: GiB });
  });

  it('follows the speed of memory where that was measured', () => {
    const on = (memoryGBps: number, name: keyof typeof models) =>
      fitOf(models[name], { ...devices['gaming PC'], memoryGBps });
    expect(on(60, '4B').verdict).toBe('good');
    expect(on(8, '1.7B').reasons).toEqual([{ kind: 'slow-on-cpu', pace: 'slow' }]);
    expect(on(8, '4B').reasons).toEqual([{ kind: 'slow-on-cpu', pace: 'very-slow' }]);
    // What llama.cpp computes is limited by its arithmetic.
    expect(on(8, '1.7B, hybrid').verdict).toBe(on(60, '1.7B, hybrid').verdict);
  });

  it('is that of Sotto’s engine where llama.cpp cannot run, for the kinds that it knows', () => {
    const device = { ...devices['gaming PC'], llamaCpp: null };
    expect(fitOf(models['0.6B'], device).verdict).toBe('good');
    expect(fitOf(models['1.7B, hybrid'], device).reasons).toEqual([{ kind: 'no-llama-cpp' }]);
  });

  it('says nothing of speed where the parameters are not known', () => {
    const { parameters, ...unknown } = models['4B'];
    expect(parameters).toBeGreaterThan(0);
    expect(fitOf(unknown, devices['gaming PC']).verdict).toBe('good');
  });

  it('is that of this version: a format without an engine is named first', () => {
    const fit = fitOf(models['mlc 0.6B f16'], devices['old laptop'], new Set<WeightsFormat>(['gguf']));
    expect(fit.verdict).toBe('unlikely');
    expect(fit.reasons.map(({ kind }) => kind)).toEqual(['engine-missing', 'needs-f16']);
    expect(runnableFormats.has('gguf')).toBe(true);
  });
});

describe('what a model of one’s own needs', () => {
  const manifest: WeightsManifest = {
    modelId: 'own',
    name: 'own-Q4_K_M.gguf',
    format: 'gguf',
    source: { kind: 'files' },
    files: [
      { path: 'a', bytes: 300e6 },
      { path: 'b', bytes: 200e6 },
    ],
  };

  it('follows from the header of a GGUF', () => {
    const facts = {
      architecture: 'qwen3',
      layers: 28,
      vocabulary: 150_000,
      parameters: 0.6e9,
      tensorBytes: 490e6,
      kvBytesPerToken: 100_000,
      hasChatTemplate: true,
      splitCount: 2,
    };
    const need = needOf({ ...manifest, gguf: facts }, 500e6);
    expect(need).toMatchObject({ format: 'gguf', bytes: 500e6, storedBytes: 500e6, parameters: 0.6e9 });
    expect(need.memoryBytes).toBeCloseTo(490e6 + 4096 * 100_000 + 160 * 1024 ** 2);
    const short = needOf({ ...manifest, gguf: { ...facts, contextTokens: 1024 } });
    expect(short.memoryBytes).toBeCloseTo(490e6 + 1024 * 100_000 + 160 * 1024 ** 2);
  });

  it('is a guess from the name and the size of an MLC folder', () => {
    const folder = { ...manifest, format: 'mlc' } as const;
    expect(needOf({ ...folder, name: 'X-q4f16_1-MLC' })).toMatchObject({ memoryBytes: 650e6, needsF16: true });
    expect(needOf({ ...folder, name: 'X-q4f32_1-MLC' }).needsF16).toBe(false);
  });
});
