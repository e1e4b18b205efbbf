/** Which engine computes a model, where, and why: one decision, in words. */
import { describe, expect, it } from 'vitest';
import type { BackendTrial, ChoiceReason, WebLlmBuild } from '../../src/shared/domain/engine-choice';
import { chooseEngine, gpuKey } from '../../src/engine/choose-engine';
import { choiceText } from '../../src/text/choice-text';
import { languageTags } from '../../src/shared/domain/languages';
import { overwriteGetLocale } from '../../src/text/paraglide/runtime.js';
import { devices, type DeviceName } from '../fixtures/devices';

const gguf = { engine: 'llama.cpp', bytes: 400e6 } as const;
const trial = (cpu: number | null, gpu: number | null): BackendTrial => ({ cpuEngine: 'cpu', cpu, gpu, at: 0 });

describe('the choice', () => {
  it.each([
    ['gaming PC', null, 'to-be-measured'],
    ['Mac', null, 'to-be-measured'],
    ['old laptop', 'cpu', 'gpu-lacks-f16'],
    ['phone without WebGPU', 'cpu', 'no-gpu'],
    ['iPad', 'cpu', 'no-jspi'],
    ['Safari on a Mac', 'cpu', 'no-jspi'],
    ['software GPU', 'cpu', 'gpu-lacks-f16'],
  ] as const satisfies readonly (readonly [DeviceName, 'cpu' | null, ChoiceReason['kind']])[])(
    'for GGUF on a %s: %s, %s',
    (name, backend, reason) => {
      expect(chooseEngine(gguf, devices[name], undefined)).toMatchObject({ backend, reason: { kind: reason } });
    },
  );

  it('for MLC weights is never a choice', () => {
    for (const device of Object.values(devices)) {
      const choice = chooseEngine({ engine: 'webllm', bytes: 1e9 }, device, trial(9, 1));
      expect(choice).toMatchObject({ engine: 'webllm', backend: 'webgpu', reason: { kind: 'mlc-needs-gpu' } });
    }
  });

  it('leaves small models on the CPU', () => {
    const choice = chooseEngine({ ...gguf, bytes: 4e6 }, devices['gaming PC'], undefined);
    expect(choice).toMatchObject({ backend: 'cpu', reason: { kind: 'small' } });
  });

  it('follows what was measured', () => {
    const on = (measured: BackendTrial) => chooseEngine(gguf, devices['gaming PC'], measured);
    expect(on(trial(8, 40))).toMatchObject({ backend: 'webgpu', reason: { kind: 'measured', cpu: 8, gpu: 40 } });
    expect(on(trial(8, 5))).toMatchObject({ backend: 'cpu', reason: { kind: 'measured' } });
    expect(on(trial(8, null))).toMatchObject({ backend: 'cpu', reason: { kind: 'gpu-failed' } });
  });

  it('measures again what was measured with another engine on the CPU', () => {
    const old: BackendTrial = { cpu: 4, gpu: 5, at: 0 };
    const device = devices['gaming PC'];
    expect(chooseEngine(gguf, device, old)).toMatchObject({ backend: null, reason: { kind: 'to-be-measured' } });
    expect(chooseEngine({ ...gguf, cpuEngine: 'llama.cpp' }, device, old)).toMatchObject({ backend: 'webgpu' });
  });

  it('on the CPU is our own engine, for all that it knows or may know', () => {
    const on = (model: object) =>
      chooseEngine({ ...gguf, ...model }, devices['phone without WebGPU'], undefined).engine;
    expect(on({})).toBe('cpu');
    expect(on({ architecture: 'qwen3' })).toBe('cpu');
    expect(on({ architecture: 'qwen35' })).toBe('cpu');
    expect(on({ architecture: 'qwen3moe' })).toBe('llama.cpp');
    expect(on({ architecture: 'qwen35moe' })).toBe('llama.cpp');
    expect(on({ architecture: 'qwen3next' })).toBe('llama.cpp');
    expect(on({ architecture: 'qwen3', cpuEngine: 'llama.cpp' })).toBe('llama.cpp');
  });

  it('tries the GPU of a phone that has the memory for it', () => {
    const phone = { ...devices.Mac, mobile: true };
    const on = (memoryGiB: number | null) => chooseEngine(gguf, { ...phone, memoryGiB }, undefined).reason.kind;
    expect(on(8)).toBe('to-be-measured');
    expect(on(1)).toBe('mobile');
    expect(on(null)).toBe('mobile');
  });

  it("is a person's first of all", () => {
    const device = devices['phone without WebGPU'];
    // A GPU that is not there fails by its name, and is not exchanged.
    expect(chooseEngine({ ...gguf, backend: 'webgpu' }, device, undefined)).toMatchObject({ backend: 'webgpu' });
    expect(chooseEngine({ ...gguf, backend: 'cpu' }, devices.Mac, trial(1, 9))).toMatchObject({ backend: 'cpu' });
  });
});

describe('a build for WebLLM that is stored as well', () => {
  const build: WebLlmBuild = { modelId: 'm-mlc', bytes: 350e6, quantization: 'q4f16_1', needsF16: true };
  const in32Bits: WebLlmBuild = { ...build, modelId: 'm-mlc-32', quantization: 'q4f32_1', needsF16: false };
  const withWebLlm = (cpu: number, gpu: number | null, rate: number | null): BackendTrial => ({
    ...trial(cpu, gpu),
    webLlm: { modelId: build.modelId, rate },
  });
  const on = (name: DeviceName, measured?: BackendTrial, builds: readonly WebLlmBuild[] = [build]) =>
    chooseEngine(gguf, devices[name], measured, builds);

  it('is tried with the others', () => {
    expect(on('gaming PC')).toMatchObject({ backend: null, build, reason: { gpu: true, webLlm: true } });
    // Where llama.cpp cannot use the GPU, WebLLM still can.
    expect(on('Safari on a Mac')).toMatchObject({ backend: null, build, reason: { gpu: false, webLlm: true } });
  });

  it('computes the model where it is the fastest', () => {
    expect(on('gaming PC', withWebLlm(8, 30, 40))).toMatchObject({
      engine: 'webllm',
      backend: 'webgpu',
      build,
      reason: { kind: 'measured', cpu: 8, gpu: 30, webLlm: 40 },
    });
    for (const slower of [withWebLlm(8, 30, 20), withWebLlm(8, 30, null)]) {
      expect(on('gaming PC', slower)).toMatchObject({ engine: 'llama.cpp', backend: 'webgpu' });
      expect(on('gaming PC', slower)).not.toHaveProperty('build');
    }
    expect(on('gaming PC', withWebLlm(50, 30, 40))).toMatchObject({ engine: 'cpu', backend: 'cpu' });
    expect(on('gaming PC', withWebLlm(8, null, null))).toMatchObject({ backend: 'cpu', reason: { kind: 'measured' } });
  });

  it('that was stored after the trial, or is another than was tried, is tried', () => {
    expect(on('gaming PC', trial(8, 40)).backend).toBeNull();
    expect(on('gaming PC', withWebLlm(8, 30, 40), [in32Bits]).backend).toBeNull();
  });

  it('counts no more when it has been deleted', () => {
    expect(on('gaming PC', withWebLlm(8, 30, 40), [])).toMatchObject({
      engine: 'llama.cpp',
      backend: 'webgpu',
      reason: { kind: 'measured', cpu: 8, gpu: 30 },
    });
  });

  it('leaves llama.cpp on the GPU to be tried where a newer browser can', () => {
    const before: BackendTrial = { cpuEngine: 'cpu', cpu: 8, webLlm: { modelId: build.modelId, rate: 40 }, at: 0 };
    expect(on('Safari on a Mac', before)).toMatchObject({ engine: 'webllm', reason: { cpu: 8, webLlm: 40 } });
    expect(on('gaming PC', before).backend).toBeNull();
  });

  it('has to suit the GPU', () => {
    expect(on('old laptop')).toMatchObject({ backend: 'cpu', reason: { kind: 'gpu-lacks-f16' } });
    expect(on('old laptop', undefined, [build, in32Bits])).toMatchObject({ backend: null, build: in32Bits });
    expect(on('software GPU', undefined, [in32Bits])).toMatchObject({ backend: 'cpu' });
    expect(on('phone without WebGPU', undefined, [in32Bits])).toMatchObject({ reason: { kind: 'no-gpu' } });
  });

  it('is tried on a phone that has the memory for it', () => {
    const phone = (memoryGiB: number) => ({ ...devices.Mac, mobile: true, memoryGiB });
    expect(chooseEngine(gguf, phone(8), undefined, [build])).toMatchObject({ backend: null, build });
    expect(chooseEngine(gguf, phone(1), undefined, [build])).toMatchObject({ reason: { kind: 'mobile' } });
  });

  it('changes nothing of what a person wants', () => {
    const wanted = { ...gguf, backend: 'cpu' } as const;
    expect(chooseEngine(wanted, devices['gaming PC'], withWebLlm(1, 2, 9), [build])).toMatchObject({ backend: 'cpu' });
  });

  it.each(languageTags)('is named with the reason in %s', (tag) => {
    overwriteGetLocale(() => tag);
    const texts = [
      on('gaming PC'),
      on('Safari on a Mac'),
      on('gaming PC', withWebLlm(8, 30, 40)),
      on('gaming PC', withWebLlm(8, null, 40)),
      on('gaming PC', withWebLlm(8, 30, 20)),
      on('gaming PC', withWebLlm(50, 30, 20)),
    ].map(choiceText);
    expect(new Set(texts).size).toBe(texts.length);
    for (const text of texts.slice(0, 4)) expect(text).toContain('q4f16_1');
    for (const rate of ['8', '30', '40']) expect(texts[2]).toContain(rate);
    for (const text of texts.slice(4)) expect(text).toContain('WebLLM');
  });
});

it('what is remembered belongs to one model on one GPU', () => {
  expect(gpuKey('a', devices.Mac)).not.toBe(gpuKey('a', devices['gaming PC']));
  expect(gpuKey('a', devices.Mac)).not.toBe(gpuKey('b', devices.Mac));
});

const reasons: readonly ChoiceReason[] = [
  { kind: 'mlc-needs-gpu' },
  { kind: 'small' },
  { kind: 'person' },
  { kind: 'no-gpu' },
  { kind: 'no-jspi' },
  { kind: 'gpu-lacks-f16' },
  { kind: 'gpu-is-software' },
  { kind: 'mobile' },
  { kind: 'measured', cpu: 8, gpu: 40 },
  { kind: 'gpu-failed' },
  { kind: 'to-be-measured', gpu: true, webLlm: false },
];

it.each(languageTags)('each reason has its own words in %s', (tag) => {
  overwriteGetLocale(() => tag);
  const texts = reasons.map((reason) => choiceText({ engine: 'llama.cpp', backend: 'cpu', reason }));
  expect(new Set(texts).size).toBe(reasons.length);
  const gpu = (['person', 'measured'] as const).map((kind) => reasons.find((reason) => reason.kind === kind));
  for (const reason of gpu) {
    if (reason) expect(texts).not.toContain(choiceText({ engine: 'llama.cpp', backend: 'webgpu', reason }));
  }
});
