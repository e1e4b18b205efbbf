/** Which stored weights for WebLLM are builds of the same model as a GGUF: those that the catalog says are. */
import { describe, expect, it } from 'vitest';
import type { StoredModel } from '../../src/shared/protocol/weights';
import { entries } from '../../src/models/catalog/catalog-data';
import { webLlmBuildsOf } from '../../src/models/load/webllm-builds';

const stored = (modelId: string, changes: Partial<StoredModel> = {}): StoredModel => {
  const entry = entries.find(({ id }) => id === modelId);
  if (!entry) throw new Error(`the catalog has no ${modelId}`);
  const { format, repository, title, bytes } = entry;
  return {
    manifest: {
      modelId,
      name: title,
      format,
      source: { kind: 'hub', repository, commit: 'x' },
      files: [
        { path: 'params_shard_0.bin', bytes },
        { path: 'model.wasm', bytes: 1 },
      ],
    },
    state: 'ready',
    bytes,
    storedBytes: bytes,
    createdAt: 0,
    usedAt: 0,
    ...changes,
  } as StoredModel;
};
const of = (id: string, ...models: readonly StoredModel[]) =>
  webLlmBuildsOf(id, models, entries).map(({ modelId }) => modelId);

describe('the builds for WebLLM', () => {
  it('of a GGUF of the catalog are its stored MLC weights, those in 16 bits first', () => {
    const both = [stored('qwen3-0.6b-q4f32_1'), stored('qwen3-0.6b-q4f16_1')];
    expect(of('qwen3-0.6b-q4_k_m', ...both)).toEqual(['qwen3-0.6b-q4f16_1', 'qwen3-0.6b-q4f32_1']);
    expect(of('qwen3-0.6b-q6_k', ...both)).toHaveLength(2);
  });

  it('are not those of another size, of a file that the catalog does not know, or of MLC weights', () => {
    const build = stored('qwen3-0.6b-q4f16_1');
    expect(of('qwen3-1.7b-q4_k_m', build)).toEqual([]);
    expect(of('some-file', build)).toEqual([]);
    expect(of('qwen3-0.6b-q4f32_1', build)).toEqual([]);
  });

  it('have to be whole, with a library for this version of WebLLM', () => {
    const build = stored('qwen3-0.6b-q4f16_1');
    const { manifest } = build;
    expect(of('qwen3-0.6b-q4_k_m', { ...build, state: 'paused' })).toEqual([]);
    const without = { ...manifest, files: manifest.files.slice(0, 1) };
    expect(of('qwen3-0.6b-q4_k_m', { ...build, manifest: without })).toEqual([]);
    const old = { ...manifest, library: { path: 'model.wasm', webLlmVersion: '0.2.1' } } as StoredModel['manifest'];
    expect(of('qwen3-0.6b-q4_k_m', { ...build, manifest: old })).toEqual([]);
  });
});
