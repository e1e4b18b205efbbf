/** What a token costs of a model compiled by MLC: from the list of its tensors and its configuration, as WebLLM loads them. */
import type { WeightAccounting } from '../../src/shared/domain/benchmark/ceiling';
import { countOf, field, listOf, textOf } from './json-fields';
import { bytesOnGpu, mlcFacts } from './mlc-facts';

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

/**
 * @param table `tensor-cache.json`, parsed: shards, each with its tensors
 * @param config `mlc-chat-config.json`, parsed
 */
export function mlcAccounting(table: unknown, config: unknown): WeightAccounting {
  const facts = mlcFacts(config, table);
  const tensors = listOf(field(table, 'records'))
    .flatMap((shard) => listOf(field(shard, 'records')))
    .map((record) => ({ name: textOf(field(record, 'name')) ?? '', bytes: bytesOf(record) }));
  const sum = (matches: (name: string) => boolean): number =>
    tensors.reduce((total, { name, bytes }) => total + (matches(name) ? bytes : 0), 0);
  const model = field(config, 'model_config');
  const tied = field(model, 'tie_word_embeddings');
  const tiedEmbeddings = typeof tied === 'boolean' ? tied : !tensors.some(({ name }) => output.test(name));
  const totalBytes = sum(() => true);
  const of = countOf(field(model, 'num_experts')) ?? 0;
  const used = Math.min(of, countOf(field(model, 'num_experts_per_tok')) ?? of);
  const idle = of > 0 ? 1 - used / of : 0;
  const activeBytes = Math.round(
    totalBytes - (tiedEmbeddings ? 0 : sum((name) => embedding.test(name))) - idle * sum((name) => experts.test(name)),
  );
  const { architecture, quantisation: quantization, layers, kvBytesPerToken } = facts;
  const parameters = facts.parameters || Math.round((totalBytes * 8) / (bitsOf[quantization] ?? 16));
  return {
    activeBytes,
    kvBytesPerToken,
    totalBytes,
    parameters,
    activeParameters: totalBytes > 0 ? Math.round((parameters * activeBytes) / totalBytes) : 0,
    tiedEmbeddings,
    layers,
    architecture,
    quantization,
    ...(of > 0 && { experts: { used, of } }),
  };
}

/** As a tensor lies on the GPU: what is packed as bf16 in the file is wider there. */
const bytesOf = (record: unknown): number => bytesOnGpu(record) || (countOf(field(record, 'nbytes')) ?? 0);
