/** A model in the memory of the kernels: what turns tokens into logits. Knows nothing of text. */
import { failed, FailureError } from '../../../src/shared/protocol/failure';
import { ModelField } from '../../../kernels/layout';
import type { GgufContents } from '../../gguf/gguf-contents';
import { type Architecture, architectureOf } from './architecture';
import { type CacheRegions, copiedBytes, copyIn, copyOut, regionsInCopy } from './cache-regions';
import { type CompiledKernels, instantiate } from './kernels';
import type { Kernels } from './kernel-exports';
import { grantMemory } from './memory-plan';
import { type CpuModelOptions, largestPass, ModelPlan, mostLogits } from './model-plan';
import { WeightsLoader } from './weights';

/** A pass in slices, so that a stop is heard in the middle of it. */
export interface PassSlices {
  readonly layersAtOnce: number;
  /** Called after each slice of layers; the pass is abandoned where it says so. */
  readonly between: () => Promise<boolean> | boolean;
}

export class CpuModel {
  readonly #view: DataView;
  readonly #rowLength: number;
  readonly #cache: readonly CacheRegions[];
  /** What layers of linear attention remember, in bytes; 0 for a model that has none. */
  readonly stateBytes: number;
  /** Tokens that what they remember comes from. */
  #stateLength = 0;

  private constructor(
    readonly architecture: Architecture,
    /** As they were fitted to the model. */
    readonly options: CpuModelOptions,
    private readonly kernels: Kernels,
    readonly memory: WebAssembly.Memory,
    /** Where the fields of the model begin. */
    readonly address: number,
    { cache, stateBytes }: Pick<ModelPlan, 'cache' | 'stateBytes'>,
  ) {
    this.#cache = cache;
    this.stateBytes = stateBytes;
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
    const model = new CpuModel(architecture, options, kernels, memory, plan.model, plan);
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
    for (const { tensor, address, taps } of plan.vectors) await loader.loadVector(tensor, address, taps);
    return model;
  }

  /**
   * Evaluates tokens that follow the first `position` of the cache. A model that remembers a state goes on where that is, or
   * begins anew at 0.
   * @param tokens at most `largestPass`
   * @param logitCount of how many of the last tokens the logits are wanted, at most `mostLogits`
   * @returns whether the pass came to its end; otherwise the cache from `position` on is of no use, and the state as it was
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
    if (this.stateBytes > 0) this.#turnState(position + tokens.length);
    return true;
  }

  /** What the layers remember now, copied out. */
  copyState(): Uint8Array<ArrayBuffer> {
    return new Uint8Array(this.memory.buffer, this.#get(ModelField.StateFrom), this.stateBytes).slice();
  }

  /** @param copy of `copyState` @param position tokens that it comes from; keys and values of these have to be in the cache */
  restoreState(copy: Uint8Array, position: number): void {
    new Uint8Array(this.memory.buffer).set(copy, this.#get(ModelField.StateFrom));
    this.#stateLength = position;
  }

  /** What a pass has come to is what the next one begins with. */
  #turnState(length: number): void {
    const from = this.#get(ModelField.StateFrom);
    this.#set(ModelField.StateFrom, this.#get(ModelField.StateTo));
    this.#set(ModelField.StateTo, from);
    this.#stateLength = length;
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
    if (this.stateBytes > 0 && position > 0 && position !== this.#stateLength)
      throw new RangeError(`tokens at ${position} do not follow a state of ${this.#stateLength}`);
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
      [ModelField.GatedAttention, a.gatedAttention ? 1 : 0],
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
