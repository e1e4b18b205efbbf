/**
 * Texts as directions: what a model's last layer makes of a text, for search by meaning. Models are trained for one way of
 * pooling: the state after the last token (Qwen3 Embedding), or the mean of all (most others). Both are of length 1, so that
 * the product of two is their cosine.
 */
import type { Pooling } from '../../../src/shared/protocol/engine';
import { FailureError } from '../../../src/shared/protocol/failure';
import type { RunningModel } from './running-model';
import { notFinite } from './sampling/likeliest';

/**
 * A text with what the model wants at its ends: Qwen3 Embedding takes the state of the end token for that of the text.
 * @returns null after an abort
 */
export async function tokensToEmbed(
  { tokenizer, breath }: Pick<RunningModel, 'tokenizer' | 'breath'>,
  text: string,
  signal: AbortSignal,
): Promise<readonly number[] | null> {
  const { startToken, finalToken } = tokenizer;
  const steps = tokenizer.encodePieces([{ text, special: false }]);
  for (;;) {
    const step = steps.next();
    if (step.done === true)
      return [
        ...(startToken === null ? [] : [startToken]),
        ...step.value,
        ...(finalToken === null ? [] : [finalToken]),
      ];
    await breath.take();
    if (signal.aborted) return null;
  }
}

/**
 * @param tokens of the text, with what the model wants at its ends
 * @returns as many numbers as the model is wide, of length 1; null after an abort
 * @throws FailureError `request-invalid` for no tokens, `context-exceeded`, `model-not-finite` for numbers that are none
 */
export async function embeddingOf(
  { model, sequence }: Pick<RunningModel, 'model' | 'sequence'>,
  tokens: readonly number[],
  pooling: Pooling,
  signal: AbortSignal,
): Promise<Float32Array | null> {
  if (tokens.length === 0) throw new FailureError({ kind: 'request-invalid', technical: 'there is no text to embed' });
  const { contextTokens } = model.options;
  if (tokens.length > contextTokens)
    throw new FailureError({
      kind: 'context-exceeded',
      technical: `a text of ${tokens.length} tokens in a window of ${contextTokens}`,
      numbers: { promptTokens: tokens.length, contextTokens },
    });
  const sum = new Float32Array(model.architecture.width);
  let before = 0;
  // Told after each pass, whose states are there until the next one.
  const progress = (done: number): void => {
    const from = pooling === 'mean' ? before : tokens.length - 1;
    for (let token = from; token < done; token += 1)
      for (const [index, value] of model.hiddenState(token - before).entries()) sum[index] = (sum[index] ?? 0) + value;
    before = done;
  };
  sequence.beginAnew();
  try {
    return (await sequence.extend(tokens, { signal, logitCount: 0, progress })) ? normalized(sum) : null;
  } finally {
    sequence.cut(0);
  }
}

function normalized(vector: Float32Array): Float32Array {
  const length = Math.hypot(...vector);
  if (!(length > 0) || !Number.isFinite(length)) throw notFinite('states');
  return vector.map((value) => value / length);
}
