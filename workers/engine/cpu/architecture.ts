/** What kind of transformer a GGUF holds, in the numbers that the kernels want; and whether they know it at all. */
import { type CpuArchitecture, isCpuArchitecture } from '../../../src/shared/domain/cpu-architectures';
import { failed, FailureError } from '../../../src/shared/protocol/failure';
import type { GgufContents } from '../../gguf/gguf-contents';
import type { MetadataValue } from '../../gguf/gguf-header';
import { type LinearAttention, linearAttentionOf } from './linear-attention';

export interface Architecture {
  readonly name: CpuArchitecture;
  readonly layers: number;
  /** Numbers of the residual stream, of a head, and between the two matrices of a feed-forward layer. */
  readonly width: number;
  readonly headLength: number;
  readonly feedForward: number;
  readonly heads: number;
  readonly kvHeads: number;
  readonly vocabulary: number;
  /** Tokens of the window that it was trained for. */
  readonly contextTokens: number;
  readonly epsilon: number;
  readonly rope: {
    readonly base: number;
    /** Of layers that look back only some positions; null where all turn alike. */
    readonly localBase: number | null;
    /** Numbers of a head that are turned. */
    readonly length: number;
    /** Whether neighbors are turned together, or the two halves of a head. */
    readonly neighbors: boolean;
  };
  /** Positions that layer `index` looks back to; 0 for all. */
  window(index: number): number;
  /** The layers that remember one matrix instead of all positions; null where there are none. */
  readonly linear: LinearAttention | null;
  /** Whether what a query head comes to is gated by as many numbers beside its query. */
  readonly gatedAttention: boolean;
  readonly gelu: boolean;
  /** What scores are multiplied with. */
  readonly scoreScale: number;
  /** Soft limits; 0 for none. */
  readonly scoreLimit: number;
  readonly logitLimit: number;
  readonly embeddingScale: number;
  readonly residualScale: number;
  readonly logitScale: number;
}

/**
 * Models of pictures turn the pairs of a head by three positions in turn: of time, height and width. In a text all three are the same,
 * and so nothing is special about it; but pairs that belong to none of them would not be turned at all.
 */
function turnsAlike(sections: MetadataValue | undefined, pairs: number): boolean {
  if (!Array.isArray(sections) || sections.length < 3) return false;
  const counts = sections.map(Number);
  const all = counts.reduce((sum, count) => sum + count, 0);
  if (!counts.every((count) => Number.isInteger(count) && count >= 0 && count <= longestHead) || all < 1) return false;
  return Array.from({ length: Math.min(pairs, all) }, (_, pair) => pair).every(
    (pair) => pair < 3 * (counts[pair % 3] ?? 0),
  );
}

/** Far more numbers than any head has. */
const longestHead = 4096;

function unknown(technical: string): never {
  throw new FailureError(failed('model-unknown-architecture', technical).failure);
}

/** @throws FailureError `model-unknown-architecture`, also for what an architecture states that the kernels do not know */
export function architectureOf({ metadata, tensors }: GgufContents): Architecture {
  const name = String(metadata.get('general.architecture'));
  if (!isCpuArchitecture(name)) return unknown(`${name} is computed by another engine`);
  const value = (key: string): number | undefined => {
    const entry = metadata.get(`${name}.${key}`);
    return typeof entry === 'number' && Number.isFinite(entry) ? entry : undefined;
  };
  const count = (key: string, most = 1_000_000): number => {
    const entry = value(key);
    if (entry === undefined || !Number.isInteger(entry) || entry < 1 || entry > most)
      return unknown(`${name}.${key} is ${String(entry)}`);
    return entry;
  };
  if (Array.isArray(metadata.get(`${name}.attention.head_count_kv`))) return unknown('its layers are of several kinds');
  const width = count('embedding_length');
  const heads = count('attention.head_count', 4096);
  const kvHeads = value('attention.head_count_kv') === undefined ? heads : count('attention.head_count_kv', heads);
  const headLength = value('attention.key_length') ?? width / heads;
  const fits = heads % kvHeads === 0 && headLength % 4 === 0 && headLength >= 4 && headLength <= longestHead;
  if (!fits || (value('attention.value_length') ?? headLength) !== headLength)
    return unknown(`${heads} heads of ${headLength} for ${kvHeads} of keys and values`);
  const feedForward = count('feed_forward_length');
  // Vectors of four numbers are the least that the kernels read.
  if (width % 4 !== 0 || feedForward % 4 !== 0) return unknown(`layers of ${width} and ${feedForward} numbers`);
  const ropeLength = value('rope.dimension_count') ?? headLength;
  if (ropeLength % 2 !== 0 || ropeLength < 2 || ropeLength > headLength)
    return unknown(`${ropeLength} numbers of ${headLength} are turned`);
  if ((value('expert_count') ?? 0) > 0) return unknown('it is a mixture of experts');
  const scaling = metadata.get(`${name}.rope.scaling.type`);
  if (
    scaling !== undefined &&
    scaling !== 'none' &&
    !(scaling === 'linear' && (value('rope.scaling.factor') ?? 1) === 1)
  )
    return unknown(`its positions are scaled by "${String(scaling)}"`);
  const vocabulary = tensors.get('token_embd.weight')?.rows ?? unknown('it has no embeddings');
  const tokens = metadata.get('tokenizer.ggml.tokens');
  // Fewer tokens than rows are usual: rows are filled up to a round number.
  if (Array.isArray(tokens) && tokens.length > vocabulary)
    return unknown(`it has ${tokens.length} tokens, and embeddings for ${vocabulary}`);
  // Blocks at the end that guess several tokens ahead are no part of a pass.
  const guessing = value('nextn_predict_layers') ?? 0;
  const layers = count('block_count', 1024) - guessing;
  if (!Number.isInteger(guessing) || guessing < 0 || layers < 1)
    return unknown(`${guessing} of its blocks guess ahead`);
  const pattern = value('attention.sliding_window_pattern');
  const window = value('attention.sliding_window') ?? (name === 'gemma2' ? 4096 : 0);
  const isHybrid = name === 'qwen35';
  if (isHybrid && !turnsAlike(metadata.get(`${name}.rope.dimension_sections`), ropeLength / 2))
    return unknown('some numbers of its heads are turned by no position of a text');
  const isGemma = name === 'gemma2' || name === 'gemma3';
  return {
    name,
    layers,
    width,
    headLength,
    feedForward,
    heads,
    kvHeads,
    vocabulary,
    contextTokens: value('context_length') === undefined ? 4096 : count('context_length', 2 ** 31),
    epsilon: value('attention.layer_norm_rms_epsilon') ?? 1e-6,
    rope: {
      base: value('rope.freq_base') ?? 10_000,
      localBase: name === 'gemma3' ? 10_000 : null,
      length: ropeLength,
      // How llama.cpp converts them: pairs of Llama and its kin are brought together, those of the others stay apart.
      neighbors: name === 'llama' || name === 'minicpm',
    },
    window: (index) =>
      isGemma && window > 0 && (index + 1) % (pattern ?? (name === 'gemma2' ? 2 : 6)) !== 0 ? window : 0,
    linear: isHybrid ? linearAttentionOf(metadata, name, layers, unknown) : null,
    gatedAttention: isHybrid,
    gelu: isGemma,
    scoreScale: 1 / Math.sqrt(headLength),
    // Files of Gemma 2 from before they stated these have the same.
    scoreLimit: value('attn_logit_softcapping') ?? (name === 'gemma2' ? 50 : 0),
    logitLimit: value('final_logit_softcapping') ?? (name === 'gemma2' ? 30 : 0),
    embeddingScale: isGemma ? Math.sqrt(width) : (value('embedding_scale') ?? (name === 'minicpm' ? 12 : 1)),
    residualScale: value('residual_scale') ?? (name === 'minicpm' ? 1.4 / Math.sqrt(layers) : 1),
    // Files state what logits are divided by; those from before they did are of models whose width is divided by 256.
    logitScale: 1 / (value('logit_scale') ?? (name === 'minicpm' ? width / 256 : 1)),
  };
}
