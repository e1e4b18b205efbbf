/** What each kind of device is told to start with. */
import { describe, expect, it } from 'vitest';
import type { WeightsFormat } from '../../src/shared/protocol/weights';
import { fitOf } from '../../src/device/fit';
import { runnableFormats } from '../../src/device/runnable-formats';
import { entries } from '../../src/models/catalog/catalog-data';
import { recommend } from '../../src/models/catalog/recommend';
import { devices, type DeviceName } from '../fixtures/devices';

const cpu: ReadonlySet<WeightsFormat> = new Set<WeightsFormat>(['gguf']);
const both: ReadonlySet<WeightsFormat> = new Set<WeightsFormat>(['gguf', 'mlc']);
const names = Object.keys(devices) as DeviceName[];
const ids = (device: DeviceName, runnable: ReadonlySet<WeightsFormat>): string =>
  recommend(entries, devices[device], runnable)
    .map(({ id }) => id)
    .join(' ');

describe('recommended models', () => {
  it.each([
    [
      'gaming PC',
      'qwen3-1.7b-q4_k_m qwen3-0.6b-q4_k_m qwen2.5-coder-1.5b-q4_k_m deepseek-r1-distill-qwen-1.5b-q4_k_m gemma-2-2b-q4_k_m',
    ],
    [
      'Mac',
      'qwen3-1.7b-q4_k_m qwen3-0.6b-q4_k_m qwen2.5-coder-1.5b-q4_k_m deepseek-r1-distill-qwen-1.5b-q4_k_m gemma-2-2b-q4_k_m',
    ],
    [
      'old laptop',
      'qwen3-1.7b-q4_k_m qwen3-0.6b-q4_k_m qwen2.5-coder-1.5b-q4_k_m deepseek-r1-distill-qwen-1.5b-q4_k_m llama-3.2-1b-q4_k_m',
    ],
    ['phone without WebGPU', 'qwen3.5-0.8b-q4_k_m qwen3-0.6b-q4_k_m llama-3.2-1b-q4_k_m'],
    ['iPad', 'qwen3.5-0.8b-q4_k_m qwen3-0.6b-q4_k_m llama-3.2-1b-q4_k_m'],
    [
      'software GPU',
      'qwen3-1.7b-q4_k_m qwen3-0.6b-q4_k_m qwen2.5-coder-1.5b-q4_k_m deepseek-r1-distill-qwen-1.5b-q4_k_m gemma-2-2b-q4_k_m',
    ],
    [
      'no isolation',
      'qwen3-1.7b-q4_k_m qwen3-0.6b-q4_k_m qwen2.5-coder-1.5b-q4_k_m deepseek-r1-distill-qwen-1.5b-q4_k_m gemma-2-2b-q4_k_m',
    ],
  ] as const)('on the CPU: %s', (device, expected) => {
    expect(ids(device, cpu)).toBe(expected);
  });

  it.each([
    [
      'gaming PC',
      'qwen3-4b-q4f16_1 qwen3-0.6b-q4f16_1 qwen2.5-coder-3b-q4f16_1 deepseek-r1-distill-qwen-1.5b-q4_k_m llama-3.2-3b-q4f16_1',
    ],
    [
      'Mac',
      'qwen3-4b-q4f16_1 qwen3-0.6b-q4f16_1 qwen2.5-coder-3b-q4f16_1 deepseek-r1-distill-qwen-1.5b-q4_k_m llama-3.2-3b-q4f16_1',
    ],
    [
      'old laptop',
      'qwen2.5-1.5b-q4f32_1 qwen3-0.6b-q4f32_1 qwen2.5-coder-1.5b-q4f32_1 deepseek-r1-distill-qwen-1.5b-q4_k_m llama-3.2-1b-q4f32_1',
    ],
    ['phone without WebGPU', 'qwen3.5-0.8b-q4_k_m qwen3-0.6b-q4_k_m llama-3.2-1b-q4_k_m'],
    ['iPad', 'llama-3.2-1b-q4f16_1 qwen3-0.6b-q4_k_m qwen2.5-coder-0.5b-q4f16_1 gemma-3-1b-q4f16_1'],
    [
      'software GPU',
      'qwen3-1.7b-q4_k_m qwen3-0.6b-q4_k_m qwen2.5-coder-1.5b-q4_k_m deepseek-r1-distill-qwen-1.5b-q4_k_m gemma-2-2b-q4_k_m',
    ],
    [
      'no isolation',
      'qwen3-4b-q4f16_1 qwen3-0.6b-q4f16_1 qwen2.5-coder-3b-q4f16_1 deepseek-r1-distill-qwen-1.5b-q4_k_m llama-3.2-3b-q4f16_1',
    ],
  ] as const)('with both engines: %s', (device, expected) => {
    expect(ids(device, both)).toBe(expected);
  });

  it.each(names)('%s: at most five, each model once, none that is unlikely to run', (name) => {
    for (const runnable of [cpu, both]) {
      const chosen = recommend(entries, devices[name], runnable);
      expect(chosen.length).toBeLessThanOrEqual(5);
      expect(new Set(chosen.map(({ title }) => title)).size).toBe(chosen.length);
      for (const entry of chosen) expect(fitOf(entry, devices[name], runnable).verdict).not.toBe('unlikely');
    }
  });

  it('are of the formats that this version runs, unless told otherwise', () => {
    const chosen = recommend(entries, devices['gaming PC']);
    expect(chosen.length).toBeGreaterThanOrEqual(3);
    for (const { format } of chosen) expect(runnableFormats.has(format)).toBe(true);
  });

  it('do not depend on what is not there', () => {
    expect(recommend([], devices.Mac)).toEqual([]);
    const one = entries.filter(({ id }) => id === 'qwen3-0.6b-q4_k_m');
    expect(recommend(one, devices.Mac)).toEqual(one);
  });
});
