// @vitest-environment node
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterEach, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { ModelField } from '../../kernels/layout';
import { type Failure, FailureError } from '../../src/shared/protocol/failure';
import { mulberry32 } from '../../workers/engine/seeded-random';
import { CpuModel } from '../../workers/engine/cpu/cpu-model';
import type { CpuModelOptions } from '../../workers/engine/cpu/model-plan';
import { type CompiledKernels, compileKernels } from '../../workers/engine/cpu/kernels';
import { type GgufContents, readContents, type StoredTensor } from '../../workers/gguf/gguf-contents';
import type { MetadataValue } from '../../workers/gguf/gguf-header';
import { GgufBytes } from '../fixtures/gguf-bytes';
import { contentOf } from '../fixtures/kernel-products';
import { logitModelBytes, logitModels } from '../fixtures/logit-models';

const usual: CpuModelOptions = { contextTokens: 64, byteCache: true, threads: 1 };
const never = new AbortController().signal;
let compiled: CompiledKernels;
beforeAll(async () => {
  compiled = await compileKernels(false);
});
afterEach(() => vi.restoreAllMocks());

function bytesOf(name: string): Uint8Array<ArrayBuffer> {
  const model = logitModels.get(name);
  if (!model) throw new Error(`there is no model ${name}`);
  return logitModelBytes(model);
}

const contentsOf = (bytes: Uint8Array<ArrayBuffer>): Promise<GgufContents> => readContents([contentOf(bytes)]);
const load = (contents: GgufContents, options: Partial<CpuModelOptions> = {}): Promise<CpuModel> =>
  CpuModel.load(contents, { ...usual, ...options }, compiled, () => undefined, never);

async function failureOf(call: () => Promise<unknown>): Promise<Failure> {
  try {
    await call();
  } catch (error) {
    if (error instanceof FailureError) return error.failure;
    throw error;
  }
  throw new Error('it was believed');
}

/** The same file, saying something else of itself. */
async function saying(
  entries: Readonly<Record<string, MetadataValue | undefined>>,
  name = 'qwen2 F32',
): Promise<GgufContents> {
  const { metadata, tensors } = await contentsOf(bytesOf(name));
  const changed = new Map(metadata);
  for (const [key, value] of Object.entries(entries)) {
    if (value === undefined) changed.delete(key);
    else changed.set(key, value);
  }
  return { metadata: changed, tensors };
}

async function withTensor(
  name: string,
  change: (tensor: StoredTensor) => Partial<StoredTensor> | undefined,
  model = 'qwen2 F32',
): Promise<GgufContents> {
  const { metadata, tensors } = await contentsOf(bytesOf(model));
  const changed = new Map(tensors);
  const tensor = tensors.get(name);
  if (!tensor) throw new Error(`there is no ${name}`);
  const result = change(tensor);
  if (result) changed.set(name, { ...tensor, ...result });
  else changed.delete(name);
  return { metadata, tensors: changed };
}

describe('numbers that cannot be', () => {
  const lies: [string, Readonly<Record<string, MetadataValue | undefined>>][] = [
    ['no heads', { 'qwen2.attention.head_count': 0 }],
    ['half a head', { 'qwen2.attention.head_count': 2.5 }],
    ['minus three heads', { 'qwen2.attention.head_count': -3 }],
    ['a billion heads', { 'qwen2.attention.head_count': 1e9 }],
    ['no heads for keys', { 'qwen2.attention.head_count_kv': 0 }],
    ['heads for keys that do not divide those for queries', { 'qwen2.attention.head_count_kv': 2 }],
    ['more heads for keys than for queries', { 'qwen2.attention.head_count_kv': 6 }],
    ['heads for keys layer by layer', { 'qwen2.attention.head_count_kv': [1, 1] }],
    ['heads of nothing', { 'qwen2.attention.key_length': 0, 'qwen2.attention.value_length': 0 }],
    ['heads of minus 32', { 'qwen2.attention.key_length': -32, 'qwen2.attention.value_length': -32 }],
    ['heads of 33', { 'qwen2.attention.key_length': 33, 'qwen2.attention.value_length': 33 }],
    ['heads of 2^31', { 'qwen2.attention.key_length': 2 ** 31, 'qwen2.attention.value_length': 2 ** 31 }],
    ['other heads for values', { 'qwen2.attention.value_length': 64 }],
    ['an odd count of turned numbers', { 'qwen2.rope.dimension_count': 31 }],
    ['more turned numbers than a head has', { 'qwen2.rope.dimension_count': 64 }],
    ['nothing turned', { 'qwen2.rope.dimension_count': 0 }],
    ['positions that are scaled', { 'qwen2.rope.scaling.type': 'yarn' }],
    ['no layers', { 'qwen2.block_count': 0 }],
    ['one layer more than there is', { 'qwen2.block_count': 3 }],
    ['2^32 layers', { 'qwen2.block_count': 2 ** 32 }],
    ['no width', { 'qwen2.embedding_length': 0 }],
    ['a width of 94', { 'qwen2.embedding_length': 94 }],
    ['a width of 2^40', { 'qwen2.embedding_length': 2 ** 40 }],
    ['no feed-forward layer', { 'qwen2.feed_forward_length': 0 }],
    ['a feed-forward layer in words', { 'qwen2.feed_forward_length': '160' }],
    ['a window of nothing', { 'qwen2.context_length': 0 }],
    ['half a window', { 'qwen2.context_length': 0.5 }],
    ['experts', { 'qwen2.expert_count': 8 }],
    ['another architecture', { 'general.architecture': 'mamba' }],
    ['an architecture that is a number', { 'general.architecture': 7 }],
    ['no architecture', { 'general.architecture': undefined }],
    ['more tokens than embeddings', { 'tokenizer.ggml.tokens': new Array<string>(323).fill('a') }],
  ];
  it.each(lies)('are refused: %s', async (_, entries) => {
    const contents = await saying(entries);
    const failure = await failureOf(() => load(contents));
    expect(failure.kind, failure.technical).toBe('model-unknown-architecture');
    expect(failure.technical).not.toBe('');
  });

  const hybridLies: [string, Readonly<Record<string, MetadataValue | undefined>>][] = [
    ['no word of linear attention', { 'qwen35.ssm.state_size': undefined }],
    ['a state of nothing', { 'qwen35.ssm.state_size': 0 }],
    ['a state of 24', { 'qwen35.ssm.state_size': 24, 'qwen35.ssm.inner_size': 144 }],
    ['a state of 2^20', { 'qwen35.ssm.state_size': 2 ** 20, 'qwen35.ssm.inner_size': 6 * 2 ** 20 }],
    ['heads that do not add up', { 'qwen35.ssm.inner_size': 193 }],
    ['no heads for keys', { 'qwen35.ssm.group_count': 0 }],
    ['heads for keys that do not divide those for values', { 'qwen35.ssm.group_count': 4 }],
    ['more heads for keys than for values', { 'qwen35.ssm.group_count': 12 }],
    ['half a head for values', { 'qwen35.ssm.time_step_rank': 0.5, 'qwen35.ssm.inner_size': 16 }],
    ['a convolution of nothing', { 'qwen35.ssm.conv_kernel': 0 }],
    ['a convolution of another length', { 'qwen35.ssm.conv_kernel': 3 }],
    ['a convolution of 2^30', { 'qwen35.ssm.conv_kernel': 2 ** 30 }],
    ['an interval of nothing', { 'qwen35.full_attention_interval': 0 }],
    ['another interval', { 'qwen35.full_attention_interval': 2 }],
    ['an interval in words', { 'qwen35.full_attention_interval': '4' }],
    ['kinds of only some layers', { 'qwen35.attention.recurrent_layers': [1, 1] }],
    ['one kind for all layers', { 'qwen35.attention.recurrent_layers': 1 }],
    ['kinds of other layers', { 'qwen35.attention.recurrent_layers': [1, 1, 0, 1, 1] }],
    ['more blocks that guess than there are', { 'qwen35.nextn_predict_layers': 5 }],
    ['half a block that guesses', { 'qwen35.nextn_predict_layers': 0.5 }],
    ['no sections of positions', { 'qwen35.rope.dimension_sections': undefined }],
    ['pairs that no position turns', { 'qwen35.rope.dimension_sections': [2, 2, 0, 4] }],
    ['sections of no numbers', { 'qwen35.rope.dimension_sections': [0, 0, 0, 0] }],
    ['sections in words', { 'qwen35.rope.dimension_sections': ['3', 'x', '2', '0'] }],
  ];
  it.each(hybridLies)('are refused: %s', async (_, entries) => {
    const contents = await saying(entries, 'qwen35 F32');
    const failure = await failureOf(() => load(contents));
    expect(failure.kind, failure.technical).toBe('model-unknown-architecture');
    expect(failure.technical).not.toBe('');
  });

  it('are none where kinds are listed layer by layer, and where a last block guesses ahead', async () => {
    const name = 'qwen35 F32';
    const model = await load(await saying({}, name));
    await model.evaluate([1, 2, 3], 0, 1);
    for (const entries of [
      { 'qwen35.attention.recurrent_layers': [1, 1, 1, 0, 1], 'qwen35.full_attention_interval': 2 },
      {
        'qwen35.attention.recurrent_layers': [1, 1, 1, 0, 1, 0],
        'qwen35.block_count': 6,
        'qwen35.nextn_predict_layers': 1,
      },
    ]) {
      const same = await load(await saying(entries, name));
      await same.evaluate([1, 2, 3], 0, 1);
      expect(same.logits()).toEqual(model.logits());
    }
  });

  it.each([0, -1, 0.5, Number.NaN, 1e9, Number.POSITIVE_INFINITY])(
    'are refused: a window of %d',
    async (contextTokens) => {
      const contents = await saying({});
      expect((await failureOf(() => load(contents, { contextTokens }))).kind).toBe('request-invalid');
    },
  );

  it('of numbers that are none change nothing', async () => {
    const contents = await saying({
      'qwen2.attention.layer_norm_rms_epsilon': Number.NaN,
      'qwen2.rope.freq_base': Number.NaN,
    });
    const model = await load(contents);
    await model.evaluate([1, 2, 3], 0, 1);
    for (const logit of model.logits()) expect(Number.isFinite(logit)).toBe(true);
  });
});

/** Every kind of tensor once: a product, a norm, and what only layers of linear attention have. */
const hostileParts = (model: string): readonly string[] =>
  model.startsWith('qwen35')
    ? ['attn_qkv', 'attn_gate', 'ssm_alpha', 'ssm_beta', 'ssm_a', 'ssm_conv1d', 'ssm_norm']
    : ['attn_q.', 'attn_v.', 'ffn_down.', 'attn_norm.', 'output_norm', 'token_embd'];

describe('tensors that cannot be', () => {
  it.each(['token_embd.weight', 'output_norm.weight', 'blk.1.ffn_down.weight', 'blk.0.attn_norm.weight'])(
    'are refused: a missing %s',
    async (name) => {
      const contents = await withTensor(name, () => undefined);
      expect((await failureOf(() => load(contents))).kind).toBe('model-unknown-architecture');
    },
  );

  const lies: [string, string, Partial<StoredTensor>][] = [
    ['a row less', 'blk.0.ffn_up.weight', { rows: 159 }],
    ['columns and rows exchanged', 'blk.0.ffn_up.weight', { columns: 160, rows: 96 }],
    ['a type that is not computed', 'blk.0.ffn_up.weight', { type: 10 }],
    ['a type that nobody knows', 'blk.0.ffn_up.weight', { type: 4_000_000_000 }],
    ['a width of no whole number of blocks', 'blk.0.ffn_up.weight', { type: 12 }],
    ['a norm of another length', 'blk.0.attn_norm.weight', { values: 95 }],
    ['a quantized norm', 'blk.0.attn_norm.weight', { type: 8 }],
    ['a bias of another length', 'blk.0.attn_q.bias', { values: 97 }],
  ];
  it.each(lies)('are refused: %s', async (_, name, change) => {
    const contents = await withTensor(name, () => change);
    const failure = await failureOf(() => load(contents));
    expect(failure.kind, failure.technical).toBe('model-unknown-architecture');
    expect(failure.technical).toContain(name);
  });

  const hybridLies: [string, string, Partial<StoredTensor> | undefined][] = [
    ['no rates', 'blk.0.ssm_a', undefined],
    ['no bias of the rates', 'blk.0.ssm_dt.bias', undefined],
    ['no convolution', 'blk.4.ssm_conv1d.weight', undefined],
    ['no norm before the feed-forward part', 'blk.3.post_attention_norm.weight', undefined],
    ['taps and channels exchanged', 'blk.0.ssm_conv1d.weight', { columns: 320, rows: 4 }],
    ['a convolution of fewer channels', 'blk.0.ssm_conv1d.weight', { rows: 319, values: 4 * 319 }],
    ['a quantized convolution', 'blk.0.ssm_conv1d.weight', { type: 8 }],
    ['quantized rates', 'blk.0.ssm_a', { type: 8 }],
    ['a rate too few', 'blk.0.ssm_a', { values: 5 }],
    ['a norm of all heads', 'blk.0.ssm_norm.weight', { values: 192 }],
    ['channels too few', 'blk.0.attn_qkv.weight', { rows: 319 }],
    ['queries without gates', 'blk.3.attn_q.weight', { rows: 256 }],
  ];
  it.each(hybridLies)('are refused: %s', async (_, name, change) => {
    const contents = await withTensor(name, () => change, 'qwen35 F32');
    const failure = await failureOf(() => load(contents));
    expect(failure.kind, failure.technical).toBe('model-unknown-architecture');
    expect(failure.technical).toContain(name);
  });

  it.each(['blk.1.ffn_down.weight', 'output_norm.weight', 'token_embd.weight'])(
    'are cut off since the header was read: %s',
    async (name) => {
      const contents = await withTensor(name, ({ content, bytes }) => ({ content: content.slice(0, bytes - 4) }));
      const failure = await failureOf(() => load(contents));
      expect(failure.kind).toBe('file-truncated');
      expect(failure.technical).toContain(name);
    },
  );

  it.each(['blk.0.ssm_conv1d.weight', 'blk.0.ssm_a'])('are cut off since the header was read: %s', async (name) => {
    const cut = ({ content, bytes }: StoredTensor) => ({ content: content.slice(0, bytes - 4) });
    const failure = await failureOf(async () => load(await withTensor(name, cut, 'qwen35 F32')));
    expect(failure.kind).toBe('file-truncated');
    expect(failure.technical).toContain(name);
  });

  it.each(['qwen2 F32', 'qwen2 Q8_0', 'qwen3 Q4_K', 'qwen3 Q6_K', 'qwen3 F16', 'qwen3 BF16', 'qwen35 F32'])(
    'of nothing but set bits, NaN and infinities end in logits of some kind: %s',
    async (model) => {
      const { metadata, tensors } = await contentsOf(bytesOf(model));
      for (const pattern of [[0xff], [0, 0x7c], [0, 0xfc], [0, 0, 0x80, 0x7f]]) {
        for (const part of hostileParts(model)) {
          const hostile = new Map(tensors);
          for (const [name, tensor] of tensors) {
            if (!name.includes(part)) continue;
            const bytes = Uint8Array.from({ length: tensor.bytes }, (_, index) => pattern[index % pattern.length] ?? 0);
            hostile.set(name, { ...tensor, content: contentOf(bytes) });
          }
          for (const byteCache of [false, true]) {
            const loaded = await load({ metadata, tensors: hostile }, { byteCache });
            await loaded.evaluate([1, 2, 3, 4, 5], 0, 1);
            expect(loaded.logits()).toHaveLength(322);
          }
        }
      }
    },
    // Dozens of models are loaded, and others may need the processor meanwhile.
    20_000,
  );
});

describe('files that lie of where things are', () => {
  const named = (tensors: number): GgufBytes =>
    new GgufBytes().start(tensors, 1).textEntry('general.architecture', 'qwen2');
  const lies: [string, GgufBytes, Failure['kind']][] = [
    ['an offset beyond the end', named(1).tensor('t', [32], 0, 2n ** 40n), 'file-truncated'],
    ['tensors over each other', named(2).tensor('a', [64], 0, 0).tensor('b', [64], 0, 32), 'file-not-gguf'],
    ['a tensor that is there twice', named(2).tensor('a', [8], 0, 0).tensor('a', [8], 0, 32), 'file-not-gguf'],
    ['rows of no whole number of blocks', named(1).tensor('t', [16, 16], 12, 0), 'file-not-gguf'],
    ['a product beyond 64 bits', named(1).tensor('t', [2n ** 32n, 2n ** 32n, 2n ** 32n], 0, 0), 'file-not-gguf'],
    ['a product of 2^32', named(1).tensor('t', [2n ** 16n, 2n ** 16n], 0, 0), 'file-truncated'],
    ['a billion tensors', new GgufBytes().start(1e9, 0), 'file-not-gguf'],
    ['no magic number', new GgufBytes().raw('GGML').zeros(60), 'file-not-gguf'],
    ['nothing at all', new GgufBytes(), 'file-truncated'],
  ];
  it.each(lies)('are refused: %s', async (_, header, kind) => {
    const failure = await failureOf(() =>
      contentsOf(new Uint8Array([...header.bytes(), ...new Uint8Array(header.bytes().length > 0 ? 128 : 0)])),
    );
    expect(failure.kind, failure.technical).toBe(kind);
  });

  it('end in a named failure or in a model, whatever bytes of the header change', async () => {
    const bytes = bytesOf('qwen2 Q8_0');
    const headerBytes =
      bytes.length - [...(await contentsOf(bytes)).tensors.values()].reduce((sum, tensor) => sum + tensor.bytes, 0);
    const random = mulberry32(15);
    const hostile = [0n, 1n, 2n ** 16n, 2n ** 31n, 2n ** 32n - 1n, 2n ** 40n, 2n ** 53n, 2n ** 63n, 2n ** 64n - 1n];
    const kinds = new Set<string>();
    for (let attempt = 0; attempt < 1500; attempt += 1) {
      const changed = bytes.slice();
      const at = Math.floor(random() * (headerBytes - 8));
      if (attempt % 2 === 0) changed[at] = random() * 256;
      else new DataView(changed.buffer).setBigUint64(at, hostile[Math.floor(random() * hostile.length)] ?? 0n, true);
      try {
        const model = await load(await contentsOf(changed), { contextTokens: 32 });
        await model.evaluate([1, 2, 3], 0, 1);
        kinds.add('model');
      } catch (error) {
        if (!(error instanceof FailureError))
          throw new Error(`attempt ${attempt} at ${at}: ${String(error)}`, { cause: error });
        kinds.add(error.failure.kind);
      }
    }
    expect([...kinds].sort()).toEqual(['file-not-gguf', 'file-truncated', 'model', 'model-unknown-architecture']);
  }, 60_000);
});

/** In a function of its own, and without `rejects`, which keeps the promise: a rejection remembers all that was at hand. */
async function stopHalfWay(contents: GgufContents): Promise<void> {
  const controller = new AbortController();
  let loaded = 0;
  const progress = (bytes: number): void => {
    loaded = bytes;
    controller.abort();
  };
  const ending = await CpuModel.load(contents, usual, compiled, progress, controller.signal).then(
    () => 'a model',
    (error: unknown) => (error instanceof Error ? error.name : 'something else'),
  );
  expect(ending).toBe('AbortError');
  expect(loaded).toBeGreaterThan(0);
}

describe('memory', () => {
  it('beyond 32-bit addresses is never asked for', async () => {
    const contents = await saying({});
    const { kind, numbers } = await failureOf(() => load(contents, { contextTokens: 2 ** 22, threads: 64 }));
    expect(kind).toBe('model-too-large');
    expect(numbers?.neededBytes).toBeGreaterThan(4 * 1024 ** 3);
    expect(numbers?.availableBytes).toBe(4 * 1024 ** 3);
  });

  it('that is refused is told with what is needed and what could be had', async () => {
    const contents = await saying({});
    const most = 40;
    const Real = WebAssembly.Memory;
    vi.spyOn(WebAssembly, 'Memory').mockImplementation(function (wanted) {
      if (wanted.initial > most) throw new RangeError('WebAssembly.Memory(): could not allocate memory');
      return new Real(wanted);
    });
    const { kind, numbers } = await failureOf(() => load(contents));
    expect(kind).toBe('out-of-memory');
    expect(numbers?.neededBytes).toBeGreaterThan(most * 65_536);
    expect(numbers?.availableBytes).toBeLessThanOrEqual(most * 65_536);
    expect(numbers?.availableBytes).toBeGreaterThan((most * 65_536) / 2);
  });

  it('is given back when a load is stopped half-way', async () => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    const granted: WeakRef<WebAssembly.Memory>[] = [];
    const Real = WebAssembly.Memory;
    // No spy: it would remember what it has returned.
    WebAssembly.Memory = class extends Real {
      constructor(wanted: WebAssembly.MemoryDescriptor) {
        super(wanted);
        granted.push(new WeakRef(this));
      }
    };
    onTestFinished(() => void (WebAssembly.Memory = Real));
    const contents = await saying({});
    await stopHalfWay(contents);
    for (let attempt = 0; attempt < 50 && granted.some((memory) => memory.deref()); attempt += 1) {
      await new Promise((resolve) => setTimeout(resolve, 10));
      collect();
    }
    expect(granted.length).toBeGreaterThan(1);
    expect(granted.filter((memory) => memory.deref())).toEqual([]);
  });
});

describe('a pass', () => {
  it('of more tokens than the window holds is refused with both numbers', async () => {
    const model = await load(await saying({}));
    const tokens = new Array<number>(5).fill(1);
    const failure = await failureOf(() => model.evaluate(tokens, 60, 1));
    expect(failure).toMatchObject({ kind: 'context-exceeded', numbers: { promptTokens: 65, contextTokens: 64 } });
    expect(await model.evaluate(tokens, 59, 1)).toBe(true);
  });

  it.each([322, 2 ** 31, -1, 0.5, Number.NaN])(
    'of token %d, which the vocabulary does not have, is refused',
    async (token) => {
      const model = await load(await saying({}));
      expect((await failureOf(() => model.evaluate([1, token], 0, 1))).kind).toBe('request-invalid');
    },
  );

  it('that traps is a crash of the engine, and another model can be loaded', async () => {
    const contents = await saying({});
    const model = await load(contents);
    // What no file can do, since all sizes are checked: results are to be written where no memory is.
    new DataView(model.memory.buffer).setUint32(model.address + ModelField.Residual * 4, 0xffff_fff0, true);
    expect((await failureOf(() => model.evaluate([1], 0, 1))).kind).toBe('engine-crashed');
    const next = await load(contents);
    expect(await next.evaluate([1], 0, 1)).toBe(true);
  });

  it('has a window of whole blocks, and room for what was asked for', async () => {
    const contents = await saying({});
    expect((await load(contents, { contextTokens: 33 })).options.contextTokens).toBe(64);
  });
});
