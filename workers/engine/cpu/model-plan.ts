/** Where everything of a model lies in the memory of the kernels, before there is one. */
import { LayerField, ModelField } from '../../../kernels/layout';
import type { GgufContents, StoredTensor } from '../../gguf/gguf-contents';
import type { Architecture } from './architecture';
import { type CacheRegions, regionsOf } from './cache-regions';
import type { Kernels } from './kernel-exports';
import { channelsOf, type LinearAttention, rememberedBytes } from './linear-attention';
import { MemoryPlan } from './memory-plan';
import { convolutionFrom, matrixBytes, matrixFrom, type Matrix, vectorFrom, WeightsLoader } from './weights';

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

interface PlacedMatrix {
  readonly matrix: Matrix;
  readonly address: number;
}

interface PlacedVector {
  readonly tensor: StoredTensor;
  readonly address: number;
  /** Numbers that lie side by side in the file, and apart in memory; 1 for vectors. */
  readonly taps: number;
}

export class ModelPlan {
  readonly memory = new MemoryPlan();
  readonly matrices: PlacedMatrix[] = [];
  readonly vectors: PlacedVector[] = [];
  readonly fields = new Map<number, number>();
  readonly cache: CacheRegions[] = [];
  readonly model: number;
  stagingBytes = 0;
  /** What all layers of linear attention remember. */
  stateBytes = 0;

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
    const { width, feedForward, linear } = this.architecture;
    this.#vector(`blk.${index}.attn_norm.weight`, width, fieldOf(index, LayerField.AttentionNorm));
    if (linear?.has(index) === true) this.#placeLinear(index, linear);
    else this.#placeAttention(index);
    // Behind attention, the hybrid models have the norm of the feed-forward part under the name that is Gemma's for another one.
    if (linear === null) {
      this.#optional(index, 'post_attention_norm', width, LayerField.PostAttentionNorm);
      this.#optional(index, 'post_ffw_norm', width, LayerField.PostFeedForwardNorm);
    }
    const norm = linear === null ? 'ffn_norm' : 'post_attention_norm';
    this.#vector(`blk.${index}.${norm}.weight`, width, fieldOf(index, LayerField.FeedForwardNorm));
    this.#layerMatrix(index, 'ffn_gate', width, feedForward, LayerField.Gate);
    this.#layerMatrix(index, 'ffn_up', width, feedForward, LayerField.Up);
    this.#layerMatrix(index, 'ffn_down', feedForward, width, LayerField.Down);
  }

  #placeAttention(index: number): void {
    const { width, headLength, heads, kvHeads, gatedAttention } = this.architecture;
    const { contextTokens, byteCache } = this.options;
    const queries = heads * headLength;
    this.#layerMatrix(index, 'attn_q', width, gatedAttention ? 2 * queries : queries, LayerField.Query);
    this.#layerMatrix(index, 'attn_k', width, kvHeads * headLength, LayerField.Key);
    this.#layerMatrix(index, 'attn_v', width, kvHeads * headLength, LayerField.Value);
    this.#layerMatrix(index, 'attn_output', queries, width, LayerField.Output);
    this.#optional(index, 'attn_q_norm', headLength, LayerField.QueryNorm);
    this.#optional(index, 'attn_k_norm', headLength, LayerField.KeyNorm);
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
    this.fields.set(fieldOf(index, LayerField.KeyCache), addresses.keys);
    this.fields.set(fieldOf(index, LayerField.ValueCache), addresses.values);
    this.fields.set(fieldOf(index, LayerField.ValueScales), addresses.scales);
    const shape = { byteCache, kvHeads, headLength, contextTokens };
    this.cache.push(...regionsOf(this.kernels, shape, addresses));
    this.fields.set(fieldOf(index, LayerField.Window), this.architecture.window(index));
  }

  #placeLinear(index: number, linear: LinearAttention): void {
    const { width } = this.architecture;
    const { valueHeads, headLength, taps } = linear;
    const name = (part: string): string => `blk.${index}.${part}`;
    const values = valueHeads * headLength;
    const channels = channelsOf(linear);
    this.fields.set(fieldOf(index, LayerField.IsDelta), 1);
    this.#layerMatrix(index, 'attn_qkv', width, channels, LayerField.Mixed);
    this.#layerMatrix(index, 'attn_gate', width, values, LayerField.MixedGate);
    this.#layerMatrix(index, 'ssm_beta', width, valueHeads, LayerField.Beta);
    this.#layerMatrix(index, 'ssm_alpha', width, valueHeads, LayerField.Decay);
    this.#vector(name('ssm_dt.bias'), valueHeads, fieldOf(index, LayerField.DecayBias));
    this.#vector(name('ssm_a'), valueHeads, fieldOf(index, LayerField.DecayRate));
    this.#vector(name('ssm_norm.weight'), headLength, fieldOf(index, LayerField.StateNorm));
    this.#layerMatrix(index, 'ssm_out', values, width, LayerField.Output);
    const convolution = name('ssm_conv1d.weight');
    const tensor = convolutionFrom(this.contents.tensors.get(convolution), convolution, taps, channels);
    this.#placeVector(tensor, taps * channels, fieldOf(index, LayerField.Convolution), taps);
    this.fields.set(fieldOf(index, LayerField.State), this.stateBytes);
    this.stateBytes += Math.ceil(rememberedBytes(linear) / 64) * 64;
  }

  #placeBuffers(): void {
    const { width, headLength, heads, kvHeads, feedForward, vocabulary, rope, linear, gatedAttention } =
      this.architecture;
    const { threads, contextTokens } = this.options;
    const linearValues = linear === null ? 0 : linear.valueHeads * linear.headLength;
    const attended = Math.max(heads * headLength, linearValues);
    const widest = Math.max(width, attended, feedForward);
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
      [ModelField.Query, floats(largestPass * heads * headLength * (gatedAttention ? 2 : 1))],
      [ModelField.Key, floats(largestPass * kvHeads * headLength)],
      [ModelField.Value, floats(largestPass * kvHeads * headLength)],
      [
        ModelField.QueryRecords,
        this.memory.place(largestPass * heads * Math.max(headLength * 4, this.kernels.activationBytes(32, headLength))),
      ],
      [ModelField.Attended, floats(largestPass * attended)],
      [ModelField.Added, floats(largestPass * width)],
      [ModelField.Gate, floats(largestPass * feedForward)],
      [ModelField.Up, floats(largestPass * feedForward)],
      [ModelField.Logits, floats(mostLogits * (Math.ceil(vocabulary / 4) * 4))],
      [ModelField.Scratch, this.memory.place(threads * scratch)],
      [ModelField.ScratchBytes, scratch],
    ];
    for (const [field, value] of places) this.fields.set(field, value);
    if (linear !== null) this.#placeLinearBuffers(linear);
  }

  #placeLinearBuffers(linear: LinearAttention): void {
    const { valueHeads, headLength, keyHeads, taps } = linear;
    const floats = (count: number): number => this.memory.place(largestPass * count * 4);
    const gates = Math.ceil(valueHeads / 4) * 4;
    const places: readonly (readonly [ModelField, number])[] = [
      [ModelField.DeltaKeyHeads, keyHeads],
      [ModelField.DeltaValueHeads, valueHeads],
      [ModelField.DeltaLength, headLength],
      [ModelField.DeltaTaps, taps],
      [ModelField.Mixed, floats(channelsOf(linear))],
      [ModelField.MixedGate, floats(valueHeads * headLength)],
      [ModelField.Beta, floats(gates)],
      [ModelField.Decay, floats(gates)],
      [ModelField.StateFrom, this.memory.place(this.stateBytes)],
      [ModelField.StateTo, this.memory.place(this.stateBytes)],
    ];
    for (const [field, value] of places) this.fields.set(field, value);
  }

  #layerMatrix(index: number, part: string, columns: number, rows: number, field: LayerField): void {
    const name = `blk.${index}.${part}`;
    this.#matrix(`${name}.weight`, columns, rows, fieldOf(index, field));
    if (this.contents.tensors.has(`${name}.bias`)) this.#vector(`${name}.bias`, rows, fieldOf(index, field + 2));
  }

  #optional(index: number, part: string, length: number, field: LayerField): void {
    const name = `blk.${index}.${part}.weight`;
    if (this.contents.tensors.has(name)) this.#vector(name, length, fieldOf(index, field));
  }

  #matrix(name: string, columns: number, rows: number, field: number): void {
    const matrix = matrixFrom(this.contents.tensors.get(name), name, columns, rows, this.kernels);
    const address = this.memory.place(matrixBytes(this.kernels, matrix));
    this.matrices.push({ matrix, address });
    this.stagingBytes = Math.max(this.stagingBytes, WeightsLoader.stagingBytes(this.kernels, matrix));
    this.fields.set(field, matrix.type);
    this.fields.set(field + 1, address);
  }

  #vector(name: string, length: number, field: number): void {
    this.#placeVector(vectorFrom(this.contents.tensors.get(name), name, length), length, field, 1);
  }

  #placeVector(tensor: StoredTensor, length: number, field: number, taps: number): void {
    const address = this.memory.place(Math.ceil(length / 4) * 16);
    this.vectors.push({ tensor, address, taps });
    this.fields.set(field, address);
  }
}

/** A field of a layer, counted from where those of the model begin. */
const fieldOf = (index: number, field: LayerField): number => ModelField.Length + index * LayerField.Length + field;
