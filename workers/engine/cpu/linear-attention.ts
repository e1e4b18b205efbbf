/** Layers of linear attention (kernels/layer/delta/), as a GGUF describes them in the words of state space models. */
import type { Metadata } from '../../gguf/gguf-header';

export interface LinearAttention {
  /** Heads of queries and keys; as many or more of values, which share them. */
  readonly keyHeads: number;
  readonly valueHeads: number;
  /** Numbers of a head, of whatever kind. */
  readonly headLength: number;
  /** Tokens that go into one after the convolution, itself among them. */
  readonly taps: number;
  /** Whether layer `index` is one of them. */
  has(index: number): boolean;
}

/** What the kernels take at a time (DELTA_COLUMNS in kernels/layer/delta/delta-rule.ts). */
const columnsAtOnce = 16;
/** Every fourth layer looks at all positions where a file says nothing, as in llama.cpp. */
const usualInterval = 4;
const mostHeads = 4096;
const longestHead = 1024;
const mostTaps = 64;

/** @param layers of the model @param unknown throws what is said of a model that cannot be computed */
export function linearAttentionOf(
  metadata: Metadata,
  architecture: string,
  layers: number,
  unknown: (technical: string) => never,
): LinearAttention {
  const count = (key: string, most: number): number => {
    const entry = metadata.get(`${architecture}.${key}`);
    if (typeof entry !== 'number' || !Number.isInteger(entry) || entry < 1 || entry > most)
      return unknown(`${architecture}.${key} is ${String(entry)}`);
    return entry;
  };
  const keyHeads = count('ssm.group_count', mostHeads);
  const valueHeads = count('ssm.time_step_rank', mostHeads);
  const headLength = count('ssm.state_size', longestHead);
  const inner = count('ssm.inner_size', mostHeads * longestHead);
  if (valueHeads % keyHeads !== 0 || headLength % columnsAtOnce !== 0 || inner !== valueHeads * headLength)
    return unknown(`${inner} numbers in ${valueHeads} heads of ${headLength} for ${keyHeads} of keys`);
  const listed = metadata.get(`${architecture}.attention.recurrent_layers`);
  const interval = metadata.has(`${architecture}.full_attention_interval`)
    ? count('full_attention_interval', 1024)
    : usualInterval;
  if (listed !== undefined && (!Array.isArray(listed) || listed.length < layers))
    return unknown(`it does not say of all ${layers} layers of which kind they are`);
  return {
    keyHeads,
    valueHeads,
    headLength,
    taps: count('ssm.conv_kernel', mostTaps),
    has: (index) => (Array.isArray(listed) ? Number(listed[index]) !== 0 : (index + 1) % interval !== 0),
  };
}

/** Channels that the convolution goes through: queries, keys and values of all heads. */
export const channelsOf = ({ keyHeads, valueHeads, headLength }: LinearAttention): number =>
  (2 * keyHeads + valueHeads) * headLength;

/** What one layer remembers, in bytes: the last tokens for the convolution, and a matrix for each head of values. */
export const rememberedBytes = (linear: LinearAttention): number =>
  4 * ((linear.taps - 1) * channelsOf(linear) + linear.valueHeads * linear.headLength ** 2);
