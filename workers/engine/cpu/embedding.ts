/**
 * Texts as directions: what a model's last layer makes of a text, for search by meaning. Models are trained for one way of
 * pooling: the state after the last token (Qwen3 Embedding), or the mean of all (most others). Both are of length 1, so that
 * the product of two is their cosine.
 */
import { FailureError } from '../../../src/contracts/failure';
import type { CpuModel } from './cpu-model';
import { largestPass } from './model-plan';

export type Pooling = 'last' | 'mean';

/**
 * @param tokens of the text, with what the model wants at its ends
 * @returns as many numbers as the model is wide, of length 1; null after an abort
 * @throws FailureError `request-invalid` for no tokens, `context-exceeded`, `engine-crashed` for numbers that are none
 */
export async function embeddingOf(
  model: CpuModel,
  tokens: readonly number[],
  pooling: Pooling,
  signal: AbortSignal,
): Promise<Float32Array | null> {
  if (tokens.length === 0) throw new FailureError({ kind: 'request-invalid', technical: 'there is no text to embed' });
  const sum = new Float32Array(model.architecture.width);
  for (let at = 0; at < tokens.length; at += largestPass) {
    const part = tokens.slice(at, at + largestPass);
    const between = (): boolean => !signal.aborted;
    if (!(await model.evaluate(part, at, 0, { layersAtOnce: 1, between }))) return null;
    const isLast = at + part.length === tokens.length;
    for (let row = pooling === 'mean' ? 0 : part.length - 1; row < part.length; row += 1) {
      if (pooling === 'last' && !isLast) break;
      for (const [index, value] of model.hiddenState(row).entries()) sum[index] = (sum[index] ?? 0) + value;
    }
  }
  return normalized(sum);
}

function normalized(vector: Float32Array): Float32Array {
  const length = Math.hypot(...vector);
  if (!(length > 0) || !Number.isFinite(length))
    throw new FailureError({ kind: 'engine-crashed', technical: 'the model computes states that are no directions' });
  return vector.map((value) => value / length);
}
