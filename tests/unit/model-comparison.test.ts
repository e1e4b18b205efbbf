import { describe, expect, it } from 'vitest';
import type { LoadSettings } from '../../src/shared/domain/engine-choice';
import type { GgufFacts } from '../../src/shared/domain/gguf';
import type { StoredModel } from '../../src/shared/protocol/weights';
import { entries, families } from '../../src/models/catalog/catalog-data';
import { recommend } from '../../src/models/catalog/recommend';
import { CompareChoice } from '../../src/models/compare/compare-choice.svelte';
import { comparisonRows } from '../../src/models/compare/comparison';
import { factsOf } from '../../src/models/model-facts';
import { traitsOfEntry, traitsOfStored, type ModelTraits } from '../../src/models/model-traits';
import { recommendationReason } from '../../src/models/catalog/recommendation-reason';
import { overwriteGetLocale } from '../../src/text/paraglide/runtime.js';
import { devices } from '../fixtures/devices';
import { storedGguf } from '../fixtures/models';

overwriteGetLocale(() => 'en');

function traits(id: string): ModelTraits {
  const entry = entries.find((candidate) => candidate.id === id);
  if (!entry) throw new Error(`not in the catalog: ${id}`);
  return traitsOfEntry(
    entry,
    families.find((family) => family.id === entry.family),
    devices['gaming PC'],
  );
}

/** A GGUF from a file, whose header has not been read. */
const unknown = storedGguf('x', 5e8, { hashesCompared: false });

describe('two models side by side', () => {
  const small = traits('qwen3-0.6b-q4_k_m');
  const distill = traits('deepseek-r1-distill-qwen-1.5b-q4_k_m');
  const valuesOf = (name: string): readonly string[] | undefined =>
    comparisonRows(small, distill).find((row) => row.name === name)?.values;

  it('tell what they are', () => {
    expect(valuesOf('Parameters')).toEqual(['596M', '1.78B']);
    expect(valuesOf('Thinking')).toEqual(['optional', 'always']);
    expect(valuesOf('License')).toEqual(['Apache-2.0', 'MIT']);
    expect(valuesOf('Fit')?.[0]).toMatch(/^Should run well here\. /);
  });

  it('mark the rows in which they differ', () => {
    const rows = comparisonRows(small, distill);
    expect(rows.find(({ name }) => name === 'Quantization')?.differs).toBe(false);
    expect(rows.find(({ name }) => name === 'Size')?.differs).toBe(true);
    expect(comparisonRows(small, small).some(({ differs }) => differs)).toBe(false);
  });

  it('leave out what neither tells, and say of one that it is not known', () => {
    const file = traitsOfStored(unknown, undefined, undefined, null);
    expect(comparisonRows(file, file).map(({ name }) => name)).toEqual(['Size', 'Memory', 'Engine']);
    expect(comparisonRows(file, small).find(({ name }) => name === 'Parameters')?.values).toEqual(['Unknown', '596M']);
  });
});

describe('the facts of a model', () => {
  it('say so when the license is not known', () => {
    const facts = factsOf(traitsOfStored(unknown, undefined, undefined, null));
    expect(facts.find(({ name }) => name === 'License')?.value).toMatch(/Unknown/);
    expect(facts.map(({ name }) => name)).not.toContain('Parameters');
  });

  it('of the catalog are told of the stored weights as well, which have the exact size', () => {
    const entry = entries.find(({ id }) => id === 'qwen3-0.6b-q4_k_m');
    const stored = { ...unknown, manifest: { ...unknown.manifest, modelId: 'qwen3-0.6b-q4_k_m' } };
    const told = traitsOfStored(stored, entry, undefined, devices['gaming PC']);
    expect(told).toMatchObject({ name: 'x', bytes: 5e8, parameters: 596e6, thinking: 'switchable' });
    expect(told.fit?.verdict).toBe('good');
  });

  it('name the engine that a person chose for it, or that alone knows its architecture', () => {
    const where = (stored: StoredModel, settings?: LoadSettings): string | undefined =>
      traitsOfStored(stored, undefined, undefined, devices['phone without WebGPU'], settings).where?.();
    expect(where(unknown)).not.toContain('llama.cpp');
    expect(where(unknown, { backend: 'cpu', cpuEngine: 'llama.cpp' })).toContain('llama.cpp');
    const gguf = { architecture: 'hedgehog', parameters: 1e9, contextTokens: 2048 } as GgufFacts;
    expect(where({ ...unknown, manifest: { ...unknown.manifest, gguf } })).toContain('llama.cpp');
  });

  it('does not lack the space that it has already', () => {
    const { storage } = devices['gaming PC'];
    const full = { ...devices['gaming PC'], storage: { ...storage, quotaBytes: 6e8, usedBytes: 5.5e8 } };
    const kinds = (storedBytes: number): string[] | undefined =>
      traitsOfStored({ ...unknown, storedBytes }, undefined, undefined, full).fit?.reasons.map(({ kind }) => kind);
    expect(kinds(0)).toContain('storage-short');
    expect(kinds(5e8)).not.toContain('storage-short');
  });

  it('have names that tell all entries of the catalog apart', () => {
    expect(new Set(entries.map(({ id }) => traits(id).name)).size).toBe(entries.length);
  });
});

describe('the choice of what to compare', () => {
  it('is of two at most, until one is let go', () => {
    const choice = new CompareChoice();
    for (const id of ['a', 'b', 'c']) choice.toggle(id);
    expect(choice.ids).toEqual(['a', 'b']);
    expect([choice.canToggle('a'), choice.canToggle('c')]).toEqual([true, false]);
    choice.toggle('a');
    choice.toggle('c');
    expect(choice.ids).toEqual(['b', 'c']);
    choice.clear();
    expect(choice.ids).toEqual([]);
  });

  it('forgets what is deleted, and makes room for another', () => {
    const listed = new Set(['a', 'b', 'c']);
    const choice = new CompareChoice((id) => listed.has(id));
    choice.toggle('a');
    choice.toggle('b');
    listed.delete('a');
    expect([choice.has('a'), choice.canToggle('c')]).toEqual([false, true]);
    choice.toggle('c');
    expect(choice.ids).toEqual(['b', 'c']);
  });
});

describe('why a model is recommended', () => {
  it.each(Object.entries(devices))('is told of each, on: %s', (_, device) => {
    const recommended = recommend(entries, device);
    const reasons = recommended.map((entry) => recommendationReason(entry, recommended));
    expect(reasons.every((reason) => reason !== '')).toBe(true);
    expect(new Set(reasons).size).toBe(reasons.length);
    for (const [index, entry] of recommended.entries()) {
      if (entry.thinking === 'always') expect(reasons[index]).toBe('Reasons step by step');
    }
  });
});
