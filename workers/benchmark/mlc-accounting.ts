/** What a token costs of a model compiled by MLC: from the list of its tensors and its configuration, as WebLLM loads them. */
import type { WeightAccounting } from '../../src/contracts/benchmark/ceiling';

interface MlcTensor {
  readonly name: string;
  readonly nbytes: number;
}

/** `tensor-cache.json`, or `ndarray-cache.json` of older folders: shards, each with its tensors. */
export interface MlcTensorCache {
  readonly metadata?: { readonly ParamSize?: number };
  readonly records: readonly { readonly records: readonly MlcTensor[] }[];
}

/** The part of `mlc-chat-config.json` that matters here. Numbers that a family has no use for are missing. */
export interface MlcChatConfig {
  readonly model_type?: string;
  readonly quantization?: string;
  readonly model_config?: {
    readonly num_hidden_layers?: number;
    readonly num_attention_heads?: number;
    readonly num_key_value_heads?: number;
    readonly hidden_size?: number;
    readonly vocab_size?: number;
    readonly head_dim?: number;
    readonly tie_word_embeddings?: boolean;
    /** Hybrid models: only every so many layers keep a cache that grows. */
    readonly full_attention_interval?: number;
    readonly num_experts?: number;
    readonly num_experts_per_tok?: number;
  };
}

const embedding = /(^|\.)(embed_tokens|wte|embd|tok_embeddings)\./;
const output = /(^|\.)(lm_head|output)\./;
const experts = /\.(moe_gate_up_proj|moe_down_proj|experts|e1_e3|e2)\b/;
/** Bits of a weight with its share of the scales: "q4f16_1" packs 32 weights of four bits and a scale of 16. */
const bitsOf: Readonly<Record<string, number>> = {
  q0f16: 16,
  q0f32: 32,
  q3f16_1: 3.4,
  q4f16_0: 4.5,
  q4f16_1: 4.5,
  q4f32_1: 5,
};

/** @param totalParameters where the model's maker tells; computed from the bytes otherwise, which is nearly as good */
export function mlcAccounting(
  cache: MlcTensorCache,
  config: MlcChatConfig,
  totalParameters?: number,
): WeightAccounting {
  const tensors = cache.records.flatMap(({ records }) => records);
  const bytesOf = (matches: (name: string) => boolean): number =>
    tensors.reduce((sum, { name, nbytes }) => sum + (matches(name) ? nbytes : 0), 0);
  const model = config.model_config ?? {};
  const tiedEmbeddings = model.tie_word_embeddings ?? !tensors.some(({ name }) => output.test(name));
  const totalBytes = bytesOf(() => true);
  const of = model.num_experts ?? 0;
  const used = Math.min(of, model.num_experts_per_tok ?? of);
  const idle = of > 0 ? 1 - used / of : 0;
  const activeBytes = Math.round(
    totalBytes -
      (tiedEmbeddings ? 0 : bytesOf((name) => embedding.test(name))) -
      idle * bytesOf((name) => experts.test(name)),
  );
  const quantisation = config.quantization ?? '';
  const parameters = totalParameters ?? Math.round((totalBytes * 8) / (bitsOf[quantisation] ?? 16));
  return {
    activeBytes,
    kvBytesPerToken: kvBytes(model, quantisation),
    totalBytes,
    parameters,
    activeParameters: totalBytes > 0 ? Math.round((parameters * activeBytes) / totalBytes) : 0,
    tiedEmbeddings,
    layers: model.num_hidden_layers ?? 0,
    architecture: config.model_type ?? '',
    quantisation,
    ...(of > 0 && { experts: { used, of } }),
  };
}

/** Keys and values of every layer that keeps them, in the type that the kernels compute in. */
function kvBytes(model: NonNullable<MlcChatConfig['model_config']>, quantisation: string): number {
  const { num_hidden_layers: layers = 0, num_attention_heads: heads = 0, hidden_size: width = 0 } = model;
  const keyHeads = model.num_key_value_heads ?? heads;
  const headLength = model.head_dim ?? (heads > 0 ? width / heads : 0);
  const growing = Math.floor(layers / (model.full_attention_interval ?? 1));
  return 2 * growing * keyHeads * headLength * (quantisation.includes('f32') ? 4 : 2);
}
