/** From `mlc-chat-config.json` and `tensor-cache.json` to what a device has to be asked. */
import type { MlcFacts } from '../../src/shared/domain/mlc';
import { countOf, field, listOf, textOf } from './json-fields';

const bytesOfType: Readonly<Record<string, number>> = { float16: 2, bfloat16: 2, float32: 4, uint32: 4, int32: 4 };

/** Never throws: files that say nothing make facts that claim nothing. */
export function mlcFacts(config: unknown, table: unknown): MlcFacts {
  const quantisation = textOf(field(config, 'quantization')) ?? '';
  const model = field(config, 'model_config');
  // Models that also see keep what is asked here one level deeper.
  const numberIn = (name: string): number | undefined =>
    countOf(field(model, name)) ?? countOf(field(field(model, 'text_config'), name));
  const contextTokens = countOf(field(config, 'context_window_size')) ?? numberIn('context_window_size');
  const layers = numberIn('num_hidden_layers') ?? 0;
  const tensors = listOf(field(table, 'records')).flatMap((shard) => listOf(field(shard, 'records')).map(tensorOf));
  const sizes = tensors.map(sizeOf);
  const bits = Number(/^q(\d)/.exec(quantisation)?.[1] ?? 0);
  return {
    architecture: textOf(field(config, 'model_type')) ?? '',
    quantisation,
    ...(contextTokens !== undefined && contextTokens > 0 && { contextTokens }),
    layers,
    vocabulary: countOf(field(config, 'vocab_size')) ?? numberIn('vocab_size') ?? 0,
    parameters: tensors.reduce((sum, tensor) => sum + parametersOf(tensor, bits), 0),
    tensorBytes: sizes.reduce((sum, size) => sum + size, 0),
    largestTensorBytes: sizes.reduce((largest, size) => Math.max(largest, size), 0),
    kvBytesPerToken: cacheBytes(model, numberIn, layers, quantisation),
  };
}

interface Tensor {
  readonly name: string;
  readonly type: string;
  readonly elements: number;
}

/** What a tensor takes on the GPU; 0 where the table does not tell its shape. */
export const bytesOnGpu = (record: unknown): number => sizeOf(tensorOf(record));

const sizeOf = ({ elements, type }: Tensor): number => elements * (bytesOfType[type] ?? 4);

function tensorOf(record: unknown): Tensor {
  const shape = listOf(field(record, 'shape')).map((length) => countOf(length) ?? 0);
  return {
    name: textOf(field(record, 'name')) ?? '',
    // As it lies on the GPU: what is packed as bf16 in the file is float32 there.
    type: textOf(field(record, 'dtype')) ?? '',
    elements: shape.length === 0 ? 0 : shape.reduce((product, length) => product * length, 1),
  };
}

/** Several weights share one number of a quantized tensor; its scales are no parameters. */
function parametersOf({ name, type, elements }: Tensor, bits: number): number {
  if (name.endsWith('q_scale')) return 0;
  return type === 'uint32' && bits > 0 ? elements * Math.floor(32 / bits) : elements;
}

function cacheBytes(
  model: unknown,
  numberIn: (name: string) => number | undefined,
  layers: number,
  quantisation: string,
): number {
  const heads = numberIn('num_attention_heads') ?? 0;
  const kvHeads = numberIn('num_key_value_heads') ?? heads;
  const headDim = numberIn('head_dim') ?? (heads > 0 ? (numberIn('hidden_size') ?? 0) / heads : 0);
  const bytes = /f16/.test(quantisation) ? 2 : 4;
  return 2 * attentionLayers(model, numberIn, layers) * kvHeads * headDim * bytes;
}

/** Layers that keep a cache: in hybrids such as Qwen3.5 only each fourth looks back at all tokens. */
function attentionLayers(model: unknown, numberIn: (name: string) => number | undefined, layers: number): number {
  const types = [field(model, 'layer_types'), field(field(model, 'text_config'), 'layer_types')].flatMap(listOf);
  const recurrent = types.filter((type) => type === 'linear_attention').length;
  if (recurrent > 0) return types.length - recurrent;
  const interval = numberIn('full_attention_interval') ?? 1;
  return Math.floor(layers / Math.max(1, interval));
}
