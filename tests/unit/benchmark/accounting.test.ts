/** V15: the bytes of a token, by the tables of tensors of real shapes. */
import { describe, expect, it } from 'vitest';
import { mlcAccounting } from '../../../workers/mlc/mlc-accounting';
import { checkGguf } from '../../../workers/gguf/check-gguf';
import { GgufBytes } from '../../fixtures/gguf-bytes';
import { blobOf, randomModel, shapes } from '../../fixtures/synthetic-gguf';

const f32 = 0;
/** A header whose tensors lie behind each other, each a row of so many floats. */
function gguf(
  tensors: readonly (readonly [name: string, floats: number])[],
  experts?: readonly [of: number, used: number],
): Blob {
  const header = new GgufBytes().start(tensors.length, experts ? 3 : 1).textEntry('general.architecture', 'qwen3moe');
  if (experts)
    header.numberEntry('qwen3moe.expert_count', experts[0]).numberEntry('qwen3moe.expert_used_count', experts[1]);
  let offset = 0;
  for (const [name, floats] of tensors) {
    header.tensor(name, [floats], f32, offset);
    offset += Math.ceil((floats * 4) / 32) * 32;
  }
  return header.aligned().blob(offset);
}
const useOf = async (...given: Parameters<typeof gguf>) => (await checkGguf([gguf(...given)])).perToken;

describe('a token of a GGUF model reads', () => {
  it('the table of embeddings as the output layer, where it is that', async () => {
    expect(
      await useOf([
        ['token_embd.weight', 800],
        ['blk.0.ffn_up.weight', 200],
      ]),
    ).toEqual({ bytes: 4000, parameters: 1000, tiedEmbeddings: true });
  });

  it('one row of it, which is next to nothing, where it is not', async () => {
    expect(
      await useOf([
        ['token_embd.weight', 800],
        ['blk.0.ffn_up.weight', 200],
        ['output.weight', 800],
      ]),
    ).toEqual({ bytes: 4000, parameters: 1000, tiedEmbeddings: false });
  });

  it('as many experts as answer', async () => {
    expect(
      await useOf(
        [
          ['token_embd.weight', 80],
          ['blk.0.ffn_up_exps.weight', 6400],
          ['blk.0.ffn_gate_inp.weight', 64],
        ],
        [64, 8],
      ),
    ).toEqual({
      bytes: (80 + 64 + 800) * 4,
      parameters: 80 + 64 + 800,
      tiedEmbeddings: true,
      experts: { used: 8, of: 64 },
    });
  });

  it('never more than there is, whatever a header says', async () => {
    const use = await useOf([['blk.0.ffn_up_exps.weight', 6400]], [4, 4_000_000_000]);
    expect(use).toMatchObject({ bytes: 25_600, experts: { used: 4, of: 4 } });
  });

  it('nearly all of a small Qwen', async () => {
    const facts = await checkGguf([
      blobOf(randomModel({ shape: { ...shapes['Qwen3 slice'], layers: 2 }, quantisation: 'Q4_K_M' })),
    ]);
    expect(facts.perToken).toMatchObject({ bytes: facts.tensorBytes, parameters: facts.parameters });
  });
});

describe('a token of a model compiled by MLC reads', () => {
  const cache = (...tensors: [string, number][]) => ({
    records: [{ records: tensors.map(([name, nbytes]) => ({ name, nbytes })) }],
  });
  const config = {
    model_type: 'qwen3',
    quantization: 'q4f16_1',
    model_config: {
      num_hidden_layers: 28,
      num_attention_heads: 16,
      num_key_value_heads: 8,
      head_dim: 128,
      hidden_size: 1024,
      tie_word_embeddings: true,
    },
  };

  it('all of its tensors, when embeddings are tied', () => {
    const accounting = mlcAccounting(
      cache(['model.embed_tokens.q_weight', 77e6], ['model.layers.0.mlp.gate_up_proj.q_weight', 250e6]),
      config,
    );
    expect(accounting).toMatchObject({
      activeBytes: 327e6,
      totalBytes: 327e6,
      tiedEmbeddings: true,
      kvBytesPerToken: 2 * 28 * 8 * 128 * 2,
      layers: 28,
      quantization: 'q4f16_1',
    });
  });

  it('all but the embeddings, when they are not', () => {
    const untied = {
      ...config,
      quantization: 'q4f32_1',
      model_config: { ...config.model_config, tie_word_embeddings: false },
    };
    const accounting = mlcAccounting(
      cache(
        ['model.embed_tokens.q_weight', 70e6],
        ['model.embed_tokens.q_scale', 7e6],
        ['lm_head.q_weight', 70e6],
        ['model.layers.0.mlp.down_proj.q_weight', 100e6],
      ),
      untied,
    );
    expect(accounting).toMatchObject({
      activeBytes: 170e6,
      totalBytes: 247e6,
      // Its bytes say it, where no shapes are told: five bits each.
      parameters: Math.round((247e6 * 8) / 5),
      kvBytesPerToken: 2 * 28 * 8 * 128 * 4,
    });
    expect(accounting.activeParameters).toBe(Math.round((170e6 * 8) / 5));
  });

  it('tensors as they lie on the GPU, which are wider than in the file where that packs them', () => {
    const packed = { name: 'model.norm.weight', shape: [1024], dtype: 'float32', format: 'f32-to-bf16', nbytes: 2048 };
    const words = { name: 'model.layers.0.mlp.down_proj.q_weight', shape: [8, 16], dtype: 'uint32', nbytes: 512 };
    expect(mlcAccounting({ records: [{ records: [packed, words] }] }, config)).toMatchObject({
      activeBytes: 4096 + 512,
      parameters: 1024 + 8 * 16 * 8,
    });
  });

  it('a share of the experts only, in a mixture of them', () => {
    const mixed = { ...config, model_config: { ...config.model_config, num_experts: 8, num_experts_per_tok: 2 } };
    const table = cache(['model.layers.0.mlp.moe_down_proj.q_weight', 800], ['model.norm.weight', 8]);
    expect(mlcAccounting(table, mixed)).toMatchObject({ activeBytes: 208, experts: { used: 2, of: 8 } });
  });

  it('a cache that grows in every fourth layer only, in the hybrid family', () => {
    const hybrid = {
      ...config,
      model_config: { ...config.model_config, num_hidden_layers: 24, full_attention_interval: 4 },
    };
    expect(mlcAccounting(cache(), hybrid)).toMatchObject({ kvBytesPerToken: 2 * 6 * 8 * 128 * 2, activeBytes: 0 });
  });

  it('something, of a configuration that tells nothing', () => {
    expect(mlcAccounting(cache(['a', 100]), {})).toMatchObject({
      activeBytes: 100,
      kvBytesPerToken: 0,
      layers: 0,
      tiedEmbeddings: true,
    });
  });
});
