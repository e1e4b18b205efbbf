/** What is offered instead, how a model can be loaded, and which library it needs. */
import { readFileSync } from 'node:fs';
import { beforeEach, describe, expect, it } from 'vitest';
import type { WeightsManifest } from '../../src/shared/protocol/weights';
import { alternativesTo } from '../../src/models/catalog/alternatives';
import { entries } from '../../src/models/catalog/catalog-data';
import { contextChoices } from '../../src/models/load/context-choices';
import { LoadSettingsBook } from '../../src/models/load/load-settings';
import { libraryState, webLlmVersion } from '../../src/models/load/model-library';
import { isUsable, storedDescriptor } from '../../src/models/shelf/stored-descriptor';
import { modelLibraries } from '../../tools/build/model-libraries';
import { devices } from '../fixtures/devices';

const entry = (id: string) => {
  const found = entries.find((candidate) => candidate.id === id);
  if (!found) throw new Error(id);
  return found;
};

describe('alternatives', () => {
  const ids = (id: string, device: keyof typeof devices): string[] =>
    alternativesTo(entry(id), entries, devices[device]).map((found) => found.id);

  it('begin with the same model for a GPU without 16 bits', () => {
    expect(ids('qwen3-0.6b-q4f16_1', 'old laptop')[0]).toBe('qwen3-0.6b-q4f32_1');
  });

  it('are GGUF where there is no GPU', () => {
    const found = ids('qwen3-0.6b-q4f16_1', 'phone without WebGPU');
    expect(found[0]).toBe('qwen3-0.6b-q4_k_m');
    for (const id of found) expect(entry(id).format).toBe('gguf');
  });

  it('are nothing that cannot be talked to, and for search there is none', () => {
    const talkers = alternativesTo({ id: 'x', parameters: 2e9 }, entries, devices['gaming PC']);
    for (const { tasks } of talkers) expect(tasks).not.toContain('embedding');
    expect(ids('qwen3-embedding-0.6b-q8_0', 'gaming PC').map((id) => entry(id).tasks)).not.toContainEqual(['chat']);
  });

  it('are smaller ones of the same family where the model is too large', () => {
    const [first] = ids('deepseek-r1-0528-qwen3-8b-q2_k', 'gaming PC');
    expect(first).toBeDefined();
    expect(entry(first ?? '').parameters).toBeLessThan(entry('deepseek-r1-0528-qwen3-8b-q2_k').parameters);
  });

  it('are at most three, each another model or form, and known to run', () => {
    for (const { id } of entries) {
      for (const name of Object.keys(devices) as (keyof typeof devices)[]) {
        const found = ids(id, name);
        expect(found.length).toBeLessThanOrEqual(3);
        expect(found).not.toContain(id);
      }
    }
    expect(alternativesTo({ id: 'x' }, [], devices.Mac)).toEqual([]);
  });
});

const mlcManifest: WeightsManifest = {
  modelId: 'm',
  name: 'Qwen3 0.6B',
  format: 'mlc',
  source: { kind: 'hub', repository: 'mlc-ai/Qwen3-0.6B-q4f16_1-MLC', commit: 'a'.repeat(40) },
  files: [
    { path: 'mlc-chat-config.json', bytes: 10 },
    { path: 'library/x.wasm', bytes: 10 },
  ],
};

describe('the library of a model', () => {
  const with_ = (webLlm?: string): WeightsManifest => ({
    ...mlcManifest,
    library: { path: 'library/x.wasm', ...(webLlm !== undefined && { webLlmVersion: webLlm }) },
  });

  it('fits by its version, or when none is stated', () => {
    expect(libraryState(with_(webLlmVersion), entries)).toEqual({ kind: 'fits' });
    expect(libraryState(with_(), entries)).toEqual({ kind: 'fits' });
    expect(libraryState({ ...mlcManifest, format: 'gguf' }, entries)).toEqual({ kind: 'fits' });
  });

  it('of another version is known to the catalog, or to nobody', () => {
    expect(libraryState(with_('0.2.80'), entries)).toEqual({
      kind: 'outdated',
      version: '0.2.80',
      url: entry('qwen3-0.6b-q4f16_1').libraryUrl,
    });
    expect(libraryState(with_('0.2.80'), [])).toMatchObject({ kind: 'outdated', url: undefined });
  });

  it('may be missing: then the model cannot be used', () => {
    const bare = { ...mlcManifest, files: mlcManifest.files.slice(0, 1) };
    expect(libraryState(bare, entries)).toEqual({ kind: 'missing' });
    const stored = {
      manifest: bare,
      state: 'ready',
      bytes: 10,
      storedBytes: 10,
      hashesCompared: true,
      addedAt: 0,
    } as const;
    expect(isUsable(stored)).toBe(false);
    expect(isUsable({ ...stored, manifest: mlcManifest })).toBe(true);
    expect(storedDescriptor({ ...stored, manifest: mlcManifest }, {}).engine).toBe('webllm');
  });

  it('of every MLC model of the catalog is in the file that an update reads', () => {
    const { webLlm, libraries } = modelLibraries();
    expect(webLlm).toBe(webLlmVersion);
    const installed = JSON.parse(readFileSync('node_modules/@mlc-ai/web-llm/package.json', 'utf8')) as {
      version: string;
    };
    expect(webLlm).toBe(installed.version);
    for (const { format, repository, libraryUrl } of entries)
      if (format === 'mlc') expect(libraries[repository]).toBe(libraryUrl);
    for (const url of Object.values(libraries)) expect(url).toContain(`/v${webLlm.replaceAll('.', '_')}/`);
  });
});

describe('how a model is loaded', () => {
  beforeEach(() => localStorage.clear());

  it('is kept by model, and goes back to what the app decides', () => {
    const book = new LoadSettingsBook();
    book.change('a', { contextTokens: 8192, backend: 'cpu' });
    book.change('b', { kvCache: 'q8_0' });
    expect(new LoadSettingsBook().of('a')).toEqual({ contextTokens: 8192, backend: 'cpu' });
    book.change('a', { backend: undefined });
    expect(book.of('a')).toEqual({ contextTokens: 8192 });
    book.change('a', { contextTokens: undefined });
    expect(new LoadSettingsBook().of('a')).toEqual({});
    expect(book.of('b')).toEqual({ kvCache: 'q8_0' });
  });

  it('reads whatever lies in its place', () => {
    for (const text of ['', 'null', '[]', '7', '{"a":']) {
      localStorage.setItem('sotto.load-settings', text);
      expect(new LoadSettingsBook().of('a')).toEqual({});
    }
  });

  it('offers windows up to the own of the model, and the one that is chosen', () => {
    const own = (contextTokens?: number): WeightsManifest => ({
      ...mlcManifest,
      mlc: {
        architecture: '',
        quantisation: '',
        layers: 1,
        vocabulary: 1,
        parameters: 1,
        tensorBytes: 1,
        largestTensorBytes: 1,
        kvBytesPerToken: 1,
        ...(contextTokens !== undefined && { contextTokens }),
      },
    });
    expect(contextChoices(own(8192), 4096)).toEqual([1024, 2048, 4096, 8192]);
    expect(contextChoices(own(3000), 3000)).toEqual([1024, 2048, 3000]);
    expect(contextChoices(own(), 4096)).toEqual([1024, 2048, 4096]);
    expect(contextChoices(own(512), 4096)).toEqual([512]);
    expect(contextChoices(own(40960), 5000)).toContain(5000);
  });
});
