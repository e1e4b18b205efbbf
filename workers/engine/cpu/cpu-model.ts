/** A model in the memory of the kernels: what turns tokens into logits. Knows nothing of text. */
import { failed, FailureError } from '../../../src/contracts/failure';
import { LayerField, ModelField } from '../../../kernels/layout';
import type { GgufContents } from '../../gguf/gguf-contents';
import { type Architecture, architectureOf } from './architecture';
import { type CacheRegions, copiedBytes, copyIn, copyOut, regionsInCopy, regionsOf } from './cache-regions';
import { type CompiledKernels, instantiate, type Kernels } from './kernels';
import { grantMemory, MemoryPlan } from './memory-plan';
import { matrixBytes, matrixFrom, type Matrix, vectorFrom, WeightsLoader } from './weights';
import type { StoredTensor } from '../../gguf/gguf-contents';

/** Tokens of the largest pass. More gain nothing: their weights are in the cache by then. */
export const largestPass = 64;
/** Logits are wanted for the last token of a prompt, and for a few guesses at a time. */
export const mostLogits = 16;

export interface CpuModelOptions {
  readonly contextTokens: number;
  /** Keys and values in eight bits instead of floats. */
  readonly byteCache: boolean;
  readonly threads: number;
}

/** A pass in slices, so that a stop is heard in the middle of it. */
export interface PassSlices {
  readonly layersAtOnce: number;
  /** Called after each slice of layers; the pass is abandoned where it says so. */
  readonly between: () => Promise<boolean> | boolean;
}

interface PlacedMatrix {
  readonly matrix: Matrix;
  readonly address: number;
  readonly field: number;
}

interface PlacedVector {
  readonly tensor: StoredTensor;
  readonly address: number;
  readonly field: number;
}

/** Everything that has an address, before there is a memory. */
class ModelPlan {
  readonly memory = new MemoryPlan();
  readonly matrices: PlacedMatrix[] = [];
  readonly vectors: PlacedVector[] = [];
  readonly fields = new Map<number, number>();
  readonly cache: CacheRegions[] = [];
  readonly model: number;
  stagingBytes = 0;

  constructor(
    private readonly kernels: Kernels,
    private readonly contents: GgufContents,
    readonly architecture: Architecture,
    readonly options: CpuModelOptions,
  ) {
    const { layers } = architecture;
    this.model = this.memory.place((ModelField.Length + layers * LayerField.Length) * 4);
    this.#placeModel();
    for (let index = 0; index < layers; index += 1) this.#placeLayer(index);
    this.#placeBuffers();
  }

  #placeModel(): void {
    const { width, vocabulary } = this.architecture;
    this.#matrix('token_embd.weight', width, vocabulary, ModelField.Embedding);
    const output = this.contents.tensors.has('output.weight') ? 'output.weight' : 'token_embd.weight';
    const shared = output === 'token_embd.weight' ? this.matrices[0] : undefined;
    if (shared) {
      this.fields.set(ModelField.Output, shared.matrix.type);
      this.fields.set(ModelField.OutputAddress, shared.address);
    } else this.#matrix(output, width, vocabulary, ModelField.Output);
    this.#vector('output_norm.weight', width, ModelField.OutputNorm);
    const factors = this.contents.tensors.get('rope_freqs.weight');
    if (factors) this.#vector('rope_freqs.weight', this.architecture.rope.length / 2, ModelField.RopeFactors);
  }

  #placeLayer(index: number): void {
    const { width, headLength, heads, kvHeads, feedForward } = this.architecture;
    const { contextTokens, byteCache } = this.options;
    const at = (field: LayerField): number => ModelField.Length + index * LayerField.Length + field;
    const name = (part: string): string => `blk.${index}.${part}`;
    const matrix = (part: string, columns: number, rows: number, field: LayerField): void => {
      this.#matrix(name(`${part}.weight`), columns, rows, at(field));
      if (this.contents.tensors.has(name(`${part}.bias`))) this.#vector(name(`${part}.bias`), rows, at(field + 2));
    };
    const optional = (part: string, length: number, field: LayerField): void => {
      if (this.contents.tensors.has(name(`${part}.weight`))) this.#vector(name(`${part}.weight`), length, at(field));
    };
    this.#vector(name('attn_norm.weight'), width, at(LayerField.AttentionNorm));
    matrix('attn_q', width, heads * headLength, LayerField.Query);
    matrix('attn_k', width, kvHeads * headLength, LayerField.Key);
    matrix('attn_v', width, kvHeads * headLength, LayerField.Value);
    matrix('attn_output', heads * headLength, width, LayerField.Output);
    optional('attn_q_norm', headLength, LayerField.QueryNorm);
    optional('attn_k_norm', headLength, LayerField.KeyNorm);
    optional('post_attention_norm', width, LayerField.PostAttentionNorm);
    this.#vector(name('ffn_norm.weight'), width, at(LayerField.FeedForwardNorm));
    matrix('ffn_gate', width, feedForward, LayerField.Gate);
    matrix('ffn_up', width, feedForward, LayerField.Up);
    matrix('ffn_down', feedForward, width, LayerField.Down);
    optional('post_ffw_norm', width, LayerField.PostFeedForwardNorm);
    const form = byteCache ? 1 : 0;
    // Of 32 positions of one head, times how many there are: the whole may be more than the 32 bits that the kernels answer with.
    const times = (kvHeads * contextTokens) / 32;
    const keys = this.kernels.keyCacheBytes(form, 1, headLength, 32) * times;
    const values = this.kernels.valueCacheBytes(form, 1, headLength, 32) * times;
    const addresses = {
      keys: this.memory.place(keys),
      values: this.memory.place(values),
      scales: this.memory.place(byteCache ? kvHeads * contextTokens * 4 : 0),
    };
    this.fields.set(at(LayerField.KeyCache), addresses.keys);
    this.fields.set(at(LayerField.ValueCache), addresses.values);
    this.fields.set(at(LayerField.ValueScales), addresses.scales);
    const shape = { byteCache, kvHeads, headLength, contextTokens };
    this.cache.push(...regionsOf(this.kernels, shape, addresses));
    this.fields.set(at(LayerField.Window), this.architecture.window(index));
  }

  #placeBuffers(): void {
    const { width, headLength, heads, kvHeads, feedForward, vocabulary, rope } = this.architecture;
    const { threads, contextTokens } = this.options;
    const widest = Math.max(width, heads * headLength, feedForward);
    const floats = (count: number): number => this.memory.place(count * 4);
    const scratch = Math.ceil((this.kernels.attentionScratchBytes(contextTokens, headLength) + 1024) / 64) * 64;
    const places: readonly (readonly [ModelField, number])[] = [
      [ModelField.Threads, this.memory.place(64)],
      [ModelField.Tokens, floats(largestPass)],
      [ModelField.RopeTables, floats(largestPass * rope.length * 2)],
      [ModelField.Residual, floats(largestPass * width)],
      [ModelField.Normed, floats(largestPass * width)],
      [ModelField.Blocks32, this.memory.place(largestPass * this.kernels.activationBytes(32, widest))],
      [ModelField.Blocks256, this.memory.place(largestPass * this.kernels.activationBytes(256, widest))],
      [ModelField.Query, floats(largestPass * heads * headLength)],
      [ModelField.Key, floats(largestPass * kvHeads * headLength)],
      [ModelField.Value, floats(largestPass * kvHeads * headLength)],
      [
        ModelField.QueryRecords,
        this.memory.place(largestPass * heads * Math.max(headLength * 4, this.kernels.activationBytes(32, headLength))),
      ],
      [ModelField.Attended, floats(largestPass * heads * headLength)],
      [ModelField.Added, floats(largestPass * width)],
      [ModelField.Gate, floats(largestPass * feedForward)],
      [ModelField.Up, floats(largestPass * feedForward)],
      [ModelField.Logits, floats(mostLogits * (Math.ceil(vocabulary / 4) * 4))],
      [ModelField.Scratch, this.memory.place(threads * scratch)],
      [ModelField.ScratchBytes, scratch],
    ];
    for (const [field, value] of places) this.fields.set(field, value);
  }

  #matrix(name: string, columns: number, rows: number, field: number): void {
    const matrix = matrixFrom(this.contents.tensors.get(name), name, columns, rows, this.kernels);
    const address = this.memory.place(matrixBytes(this.kernels, matrix));
    this.matrices.push({ matrix, address, field });
    this.stagingBytes = Math.max(this.stagingBytes, WeightsLoader.stagingBytes(this.kernels, matrix));
    this.fields.set(field, matrix.type);
    this.fields.set(field + 1, address);
  }

  #vector(name: string, length: number, field: number): void {
    const tensor = vectorFrom(this.contents.tensors.get(name), name, length);
    const address = this.memory.place(Math.ceil(length / 4) * 16);
    this.vectors.push({ tensor, address, field });
    this.fields.set(field, address);
  }
}

export class CpuModel {
  readonly #view: DataView;
  readonly #rowLength: number;
  readonly #cache: readonly CacheRegions[];

  private constructor(
    readonly architecture: Architecture,
    /** As they were fitted to the model. */
    readonly options: CpuModelOptions,
    private readonly kernels: Kernels,
    readonly memory: WebAssembly.Memory,
    /** Where the fields of the model begin. */
    readonly address: number,
    cache: readonly CacheRegions[],
  ) {
    this.#cache = cache;
    this.#view = new DataView(memory.buffer);
    this.#rowLength = Math.ceil(architecture.vocabulary / 4) * 4;
  }

  /**
   * @throws FailureError `model-unknown-architecture`; `model-too-large` or `out-of-memory` with the bytes; an `AbortError`
   */
  static async load(
    contents: GgufContents,
    wanted: CpuModelOptions,
    compiled: CompiledKernels,
    progress: (loadedBytes: number, totalBytes: number) => void,
    signal: AbortSignal,
  ): Promise<CpuModel> {
    const architecture = architectureOf(contents);
    const options = fitted(wanted, architecture);
    // The kernels know how large everything is before there is a memory for it; one page is enough to ask them.
    const asked = await instantiate(compiled.module, grantMemory(1, compiled.shared));
    const plan = new ModelPlan(asked, contents, architecture, options);
    const staging = plan.memory.place(plan.stagingBytes);
    const memory = grantMemory(plan.memory.pages, compiled.shared);
    const kernels = await instantiate(compiled.module, memory);
    const model = new CpuModel(architecture, options, kernels, memory, plan.model, plan.cache);
    model.#write(plan);

    const totalBytes = [
      ...plan.matrices.map(({ matrix }) => matrix.tensor),
      ...plan.vectors.map(({ tensor }) => tensor),
    ].reduce((sum, { bytes }) => sum + bytes, 0);
    let loadedBytes = 0;
    const loader = new WeightsLoader(
      kernels,
      memory,
      staging,
      (bytes) => progress((loadedBytes += bytes), totalBytes),
      signal,
    );
    for (const { matrix, address } of plan.matrices) await loader.load(matrix, address);
    for (const { tensor, address } of plan.vectors) await loader.loadVector(tensor, address);
    return model;
  }

  /**
   * Evaluates tokens that follow the first `position` of the cache.
   * @param tokens at most `largestPass`
   * @param logitCount of how many of the last tokens the logits are wanted, at most `mostLogits`
   * @returns whether the pass came to its end; otherwise the cache from `position` on is of no use
   * @throws FailureError `engine-crashed` when a thread has died or the kernels have failed; `context-exceeded` beyond the cache
   */
  async evaluate(
    tokens: readonly number[],
    position: number,
    logitCount: number,
    slices?: PassSlices,
  ): Promise<boolean> {
    const { layers } = this.architecture;
    this.#check(tokens, position, logitCount);
    const at = this.#get(ModelField.Tokens);
    for (const [index, token] of tokens.entries()) this.#view.setUint32(at + index * 4, token, true);
    this.#set(ModelField.Count, tokens.length);
    this.#set(ModelField.Position, position);
    this.#set(ModelField.LogitCount, logitCount);
    const step = slices?.layersAtOnce ?? layers;
    for (let from = 0; from < layers; from += step) {
      this.#set(ModelField.FromLayer, from);
      this.#set(ModelField.ToLayer, Math.min(layers, from + step));
      this.#pass();
      if (slices && from + step < layers && !(await slices.between())) return false;
    }
    return true;
  }

  /** Bytes of keys and values of so many positions. */
  cacheBytes(positions: number): number {
    return copiedBytes(this.#cache, positions);
  }

  /** @param from a multiple of `blockPositions` @param to not included */
  copyCache(to: number, from = 0): Uint8Array<ArrayBuffer> {
    return copyOut(new Uint8Array(this.memory.buffer), this.#cache, to, from);
  }

  /** @param copy of `copyCache`, of these positions and of a model like this one; its window may have been another */
  restoreCache(copy: Uint8Array, to: number, from = 0): void {
    copyIn(new Uint8Array(this.memory.buffer), this.#cache, copy, to, from);
  }

  /** Positions out of a copy of the first ones, as `copyCache` would have copied them by themselves. */
  partOfCopy(copy: Uint8Array, copied: number, to: number, from: number): Uint8Array<ArrayBuffer> {
    return copyOut(copy, regionsInCopy(this.#cache, copied), to, from);
  }

  #pass(): void {
    let whole: number;
    try {
      whole = this.kernels.pass(this.address);
    } catch (error) {
      if (!(error instanceof WebAssembly.RuntimeError)) throw error;
      throw new FailureError(failed('engine-crashed', error.message).failure);
    }
    if (whole === 0) throw new FailureError(failed('engine-crashed', 'a thread of the engine has died').failure);
  }

  /** The kernels check nothing: what is not here would be read and written where something else lies. */
  #check(tokens: readonly number[], position: number, logitCount: number): void {
    const { contextTokens } = this.options;
    const promptTokens = position + tokens.length;
    if (promptTokens > contextTokens) {
      const numbers = { promptTokens, contextTokens };
      throw new FailureError(failed('context-exceeded', `${promptTokens} of ${contextTokens}`, { numbers }).failure);
    }
    const isPass = tokens.length > 0 && tokens.length <= largestPass && position >= 0;
    if (!isPass || logitCount > Math.min(mostLogits, tokens.length))
      throw new RangeError(`${tokens.length} tokens at ${position} with ${logitCount} logits are no pass`);
    const { vocabulary } = this.architecture;
    const stranger = tokens.find((token) => !Number.isInteger(token) || token < 0 || token >= vocabulary);
    if (stranger === undefined) return;
    throw new FailureError(failed('request-invalid', `token ${stranger} of ${vocabulary}`).failure);
  }

  /**
   * What the last layer made of a token of the last pass, after the norm before the output layer: y = x / √(mean(x²) + ε) · weight.
   * @param row from 0, of all tokens of a pass that was asked for no logits
   */
  hiddenState(row: number): Float32Array {
    const { width, epsilon } = this.architecture;
    const at = this.#get(ModelField.Residual) + row * width * 4;
    const state = new Float32Array(this.memory.buffer, at, width).slice();
    const weight = new Float32Array(this.memory.buffer, this.#get(ModelField.OutputNorm), width);
    const mean = state.reduce((sum, value) => sum + value * value, 0) / width;
    const scale = 1 / Math.sqrt(mean + epsilon);
    return state.map((value, index) => value * scale * (weight[index] ?? 0));
  }

  /** Logits of the last pass, a view that the next one overwrites. @param row from 0, of those that were asked for */
  logits(row = 0): Float32Array {
    const at = this.#get(ModelField.Logits) + row * this.#rowLength * 4;
    return new Float32Array(this.memory.buffer, at, this.architecture.vocabulary);
  }

  #write({ fields, architecture, options }: ModelPlan): void {
    const a = architecture;
    for (const [field, value] of fields) this.#view.setInt32(this.address + field * 4, value, true);
    const whole: readonly (readonly [ModelField, number])[] = [
      [ModelField.Layers, a.layers],
      [ModelField.Width, a.width],
      [ModelField.Heads, a.heads],
      [ModelField.KvHeads, a.kvHeads],
      [ModelField.HeadLength, a.headLength],
      [ModelField.RopeLength, a.rope.length],
      [ModelField.RopeNeighbors, a.rope.neighbors ? 1 : 0],
      [ModelField.FeedForward, a.feedForward],
      [ModelField.Vocabulary, a.vocabulary],
      [ModelField.Capacity, options.contextTokens],
      [ModelField.ByteCache, options.byteCache ? 1 : 0],
      [ModelField.Activation, a.gelu ? 1 : 0],
    ];
    for (const [field, value] of whole) this.#set(field, value);
    const floats: readonly (readonly [ModelField, number])[] = [
      [ModelField.Epsilon, a.epsilon],
      [ModelField.ScoreScale, a.scoreScale],
      [ModelField.ScoreLimit, a.scoreLimit],
      [ModelField.LogitLimit, a.logitLimit],
      [ModelField.EmbeddingScale, a.embeddingScale],
      [ModelField.ResidualScale, a.residualScale],
      [ModelField.LogitScale, a.logitScale],
    ];
    for (const [field, value] of floats) this.#view.setFloat32(this.address + field * 4, value, true);
    this.#view.setFloat64(this.address + ModelField.RopeBase * 4, a.rope.base, true);
    this.#view.setFloat64(this.address + ModelField.LocalRopeBase * 4, a.rope.localBase ?? 0, true);
    this.#view.setInt32(this.#get(ModelField.Threads), options.threads, true);
  }

  #get(field: ModelField): number {
    return this.#view.getInt32(this.address + field * 4, true) >>> 0;
  }

  #set(field: ModelField, value: number): void {
    this.#view.setInt32(this.address + field * 4, value, true);
  }
}

/** More positions than any model was trained for, few enough that all sizes of one head are 32-bit numbers. */
const longestContext = 2 ** 22;

/**
 * A window of whole blocks of 32 positions; and floats for keys and values whose heads are no whole number of blocks.
 * @throws FailureError `request-invalid` for a window that cannot be
 */
function fitted({ contextTokens, byteCache, threads }: CpuModelOptions, { headLength }: Architecture): CpuModelOptions {
  if (!Number.isInteger(contextTokens) || contextTokens < 1 || contextTokens > longestContext)
    throw new FailureError(failed('request-invalid', `a window of ${contextTokens} tokens`).failure);
  return { contextTokens: Math.ceil(contextTokens / 32) * 32, byteCache: byteCache && headLength % 32 === 0, threads };
}
