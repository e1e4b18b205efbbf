/** The two primitives of the benchmark: prefill of n tokens and decode of n tokens, without a chat template around them. */
import type { DecodeMeasurement, PrefillMeasurement } from '../../../src/shared/protocol/engine';
import { FailureError } from '../../../src/shared/protocol/failure';
import type { MeasureControl } from '../engine';
import { mulberry32 } from '../seeded-random';
import type { RunningModel } from './running-model';
import { likeliest, notFinite } from './sampling/likeliest';

const usualSeed = 1337;
const never = new AbortController().signal;

export async function measurePrefill(
  running: RunningModel,
  tokens: number,
  { seed = usualSeed, signal = never }: MeasureControl,
): Promise<PrefillMeasurement> {
  const prompt = randomTokens(running, tokens, 1, seed);
  running.kept?.pause();
  const start = performance.now();
  await running.sequence.beginAnew();
  const whole = await running.sequence.extend(prompt, { signal });
  if (whole && likeliest(running.model.logits()) < 0) throw notFinite('logits');
  const milliseconds = performance.now() - start;
  const evaluated = running.sequence.length;
  running.sequence.cut(0);
  return {
    tokens: evaluated,
    milliseconds,
    cachedTokens: 0,
    engine: { promptTokens: evaluated, promptMs: milliseconds, generatedTokens: 1, intervals: 0, decodeMs: 0 },
  };
}

export async function measureDecode(
  running: RunningModel,
  tokens: number,
  { seed = usualSeed, depth = 0, signal = never, onTokens }: MeasureControl,
): Promise<DecodeMeasurement> {
  const { sequence, model } = running;
  running.kept?.pause();
  const prompt = randomTokens(running, Math.max(1, depth), tokens, seed);
  const requestedAt = performance.now();
  await sequence.beginAnew();
  const timestamps: number[] = [];
  let goesOn = await sequence.extend(prompt, { signal });
  const promptMs = performance.now() - requestedAt;
  const decodesFrom = performance.now();
  while (goesOn) {
    const token = likeliest(model.logits());
    if (token < 0) throw notFinite('logits');
    timestamps.push(performance.now());
    onTokens?.(1);
    if (timestamps.length >= tokens) break;
    // What ends an answer does not end a measurement.
    goesOn = await sequence.extend([token], { signal });
  }
  const decodeMs = performance.now() - decodesFrom;
  sequence.cut(0);
  const generatedTokens = timestamps.length;
  return {
    timestamps,
    requestedAt,
    depthTokens: prompt.length,
    engine: {
      promptTokens: prompt.length,
      promptMs,
      generatedTokens,
      intervals: Math.max(0, generatedTokens - 1),
      decodeMs,
    },
  };
}

/** A prompt that nothing of another one can be reused for, and that looks all experts and rows up as a real one does. */
function randomTokens({ model, tokenizer }: RunningModel, count: number, more: number, seed: number): number[] {
  const { contextTokens } = model.options;
  if (!Number.isInteger(count) || count < 1)
    throw new FailureError({ kind: 'request-invalid', technical: `${count} tokens cannot be measured` });
  if (count + more > contextTokens + 1)
    throw new FailureError({
      kind: 'context-exceeded',
      technical: `${count} and ${more} tokens in a window of ${contextTokens}`,
    });
  const random = mulberry32(seed);
  const tokens: number[] = [];
  while (tokens.length < count) {
    const token = Math.floor(random() * tokenizer.size);
    if (!tokenizer.isControl(token)) tokens.push(token);
  }
  return tokens;
}
