/** What config and table of tensors tell of a model. */
import { describe, expect, it } from 'vitest';
import type { WeightsManifest } from '../../src/shared/protocol/weights';
import { libraryState } from '../../src/models/load/model-library';
import { isUsable } from '../../src/models/shelf/stored-descriptor';
import { modelFolder } from '../../workers/engine/webllm/model-folder';
import { libraryVersion, mlcLibrary } from '../../workers/mlc/mlc-library';
import { mlcFacts } from '../../workers/mlc/mlc-facts';
import { entries } from '../../src/models/catalog/catalog-data';
import { qwen3, qwen35 } from '../fixtures/mlc-config';
import { mlcFiles } from '../fixtures/mlc-files';

const record = (name: string, dtype: string, shape: number[], format = 'raw') => ({ name, dtype, shape, format });
const table = {
  records: [
    {
      records: [
        record('model.embed_tokens.q_weight', 'uint32', [151936, 128]),
        record('model.embed_tokens.q_scale', 'float16', [151936, 32]),
      ],
    },
    { records: [record('model.norm.weight', 'float32', [1024], 'f32-to-bf16')] },
  ],
};

describe('facts', () => {
  it('of Qwen3 0.6B', () => {
    expect(mlcFacts(qwen3, table)).toEqual({
      architecture: 'qwen3',
      quantisation: 'q4f16_1',
      contextTokens: 40960,
      layers: 28,
      vocabulary: 151936,
      parameters: 151936 * 1024 + 1024,
      tensorBytes: 151936 * 128 * 4 + 151936 * 32 * 2 + 1024 * 4,
      largestTensorBytes: 151936 * 128 * 4,
      kvBytesPerToken: 2 * 28 * 8 * 128 * 2,
    });
  });

  it('count only the layers that look back, and twice the bytes for 32 bits', () => {
    expect(mlcFacts(qwen35, {}).kvBytesPerToken).toBe(2 * 6 * 2 * 256 * 2);
    expect(mlcFacts({ ...qwen35, quantization: 'q4f32_1' }, {}).kvBytesPerToken).toBe(2 * 6 * 2 * 256 * 4);
    const types = ['linear_attention', 'linear_attention', 'linear_attention', 'full_attention'];
    const listed = { ...qwen3, model_config: { ...qwen3.model_config, num_hidden_layers: 4, layer_types: types } };
    expect(mlcFacts(listed, {}).kvBytesPerToken).toBe(2 * 1 * 8 * 128 * 2);
  });

  it.each([
    [undefined, undefined],
    [null, null],
    ['text', []],
    [{ model_config: 'x', context_window_size: -1 }, { records: [null, { records: 'x' }, { records: [{}] }] }],
    [{ model_config: { num_hidden_layers: 1e99, head_dim: NaN } }, { records: [{ records: [{ shape: [-1, 'a'] }] }] }],
  ])('claim nothing where files say nothing: %j', (config, tensors) => {
    const facts = mlcFacts(config, tensors);
    expect(facts).toMatchObject({ largestTensorBytes: 0, kvBytesPerToken: 0, parameters: 0 });
    for (const value of Object.values(facts)) expect(value).not.toBeNaN();
    expect(facts.contextTokens).toBeUndefined();
  });
});

describe('the catalog', () => {
  const mlc = entries.filter(({ format }) => format === 'mlc');

  it.each(mlc)('$id names its largest tensor and its cache', (entry) => {
    expect(entry.largestTensorBytes).toBeGreaterThan(20e6);
    // Four bits a weight: no single tensor is more than half of the whole.
    expect(entry.largestTensorBytes).toBeLessThan(entry.bytes / 2);
    expect(entry.kvBytesPerToken).toBeGreaterThan(5000);
    expect((entry.kvBytesPerToken ?? 0) * 4096).toBeLessThan(entry.memoryBytes);
  });

  it('has twins that differ in the cache alone', () => {
    for (const entry of mlc) {
      const twin = mlc.find(({ title, id }) => title === entry.title && id !== entry.id);
      if (!twin) continue;
      expect(twin.largestTensorBytes).toBe(entry.largestTensorBytes);
      const [narrow, wide] = entry.needsF16 ? [entry, twin] : [twin, entry];
      expect(wide.kvBytesPerToken).toBe(2 * (narrow.kvBytesPerToken ?? 0));
    }
  });
});

describe('a library', () => {
  it('tells its version by its address', () => {
    const url = 'https://raw.githubusercontent.com/a/b/main/web-llm-models/v0_2_86/base/Qwen3-0.6B_cs1k-webgpu.wasm';
    expect(mlcLibrary([{ path: 'a.bin' }, { path: 'library/x.wasm', url }])).toEqual({
      path: 'library/x.wasm',
      webLlmVersion: '0.2.86',
    });
    expect(mlcLibrary([{ path: 'model.wasm' }])).toEqual({ path: 'model.wasm' });
    expect(mlcLibrary([{ path: 'a.bin' }])).toBeUndefined();
    expect(libraryVersion('https://example.com/v1_2/x.wasm')).toBeUndefined();
  });
});

it.each(['model.wasm', 'library/MODEL.WASM'])(
  'a model with %s has its library, wherever that is asked',
  async (path) => {
    const files = mlcFiles().map((file) => (file.path.endsWith('.wasm') ? { ...file, path } : file));
    const manifest: WeightsManifest = {
      modelId: 'a',
      name: 'A',
      format: 'mlc',
      source: { kind: 'files' },
      files: files.map((file) => ({ path: file.path, bytes: file.content.size })),
    };
    expect(mlcLibrary(files)?.path).toBe(path);
    expect(libraryState(manifest, []).kind).toBe('fits');
    expect(isUsable({ manifest, state: 'ready', bytes: 1, storedBytes: 1, hashesCompared: true, addedAt: 1 })).toBe(
      true,
    );
    const { libraryUrl } = await modelFolder('a', files);
    expect(libraryUrl).toMatch(/model\.wasm$/i);
  },
);
