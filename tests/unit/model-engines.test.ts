/** Which engine the Models screen names: the one that will compute. */
import { describe, expect, it } from 'vitest';
import type { StoredModel } from '../../src/shared/protocol/weights';
import { computeWays, settingsOfWay, wayOf } from '../../src/engine/compute-ways';
import { entries } from '../../src/models/catalog/catalog-data';
import { deviceFacts } from '../../src/models/device-text';
import { traitsOfDescriptor, traitsOfEntry, traitsOfStored } from '../../src/models/model-traits';
import { guide } from '../../src/models/shelf/guide';
import { devices } from '../fixtures/devices';
import { storedGguf } from '../fixtures/models';

const device = devices['phone without WebGPU'];
const entryOf = (id: string) => {
  const entry = entries.find((candidate) => candidate.id === id);
  if (!entry) throw new Error(`there is no ${id}`);
  return entry;
};
const stored = (architecture: string): StoredModel => {
  const model = storedGguf('m', 1e9);
  const gguf = {
    architecture,
    layers: 1,
    vocabulary: 1,
    parameters: 1e9,
    tensorBytes: 1e9,
    kvBytesPerToken: 0,
    hasChatTemplate: true,
    splitCount: 1,
  };
  return { ...model, manifest: { ...model.manifest, gguf } };
};

describe('the card of a model', () => {
  it('names Sotto’s engine for what it knows and llama.cpp for the rest, before the download and after', () => {
    expect(traitsOfEntry(entryOf('qwen3.5-0.8b-q4_k_m'), undefined, device).where?.()).toContain('Sotto engine');
    expect(traitsOfEntry(entryOf('glm-edge-1.5b-q4_k_m'), undefined, device).where?.()).toContain('llama.cpp');
    expect(traitsOfStored(stored('qwen2'), undefined, undefined, device).where?.()).toContain('Sotto engine');
    expect(traitsOfStored(stored('chatglm'), undefined, undefined, device).where?.()).toContain('llama.cpp');
  });

  it('names the engine that a person has chosen', () => {
    const chosen = { backend: 'cpu', cpuEngine: 'llama.cpp' } as const;
    expect(traitsOfStored(stored('qwen2'), undefined, undefined, device, chosen).where?.()).toContain('llama.cpp');
    expect(traitsOfDescriptor({ ...guide, ...chosen }, device).where?.()).toContain('llama.cpp');
    expect(traitsOfDescriptor(guide, device).where?.()).toContain('Sotto engine');
  });
});

describe('what is told of the device', () => {
  const engines = (of: Parameters<typeof deviceFacts>[0]): string | undefined =>
    deviceFacts(of).find(({ name }) => name === 'Engines')?.value;

  it('names each engine that can run here, and on what', () => {
    expect(engines(devices['gaming PC'])).toBe('Sotto engine (CPU) · llama.cpp (CPU, GPU) · WebLLM (GPU)');
    expect(engines(device)).toBe('Sotto engine (CPU) · llama.cpp (CPU)');
    expect(engines({ ...device, llamaCpp: null })).toBe('Sotto engine (CPU)');
    expect(engines(devices['strict mode'])).toBe('None can run in this browser');
  });
});

describe('the choice of an engine', () => {
  it('is shown as it was stored, for the Guide too, of which only the engine may be', () => {
    expect(wayOf({ cpuEngine: 'llama.cpp' }, true)).toBe('llama.cpp');
    for (const way of computeWays) expect(wayOf(settingsOfWay[way], true)).toBe(way);
  });
});
