/** Raw measurements of an engine whose speed is written down. What it really did is what it recorded, not what was written. */
import type { MeasureScript } from '../../../src/shared/protocol/measurement';
import type { DecodeMeasurement, PrefillMeasurement } from '../../../src/shared/protocol/engine';
import type { MeasureControl } from '../engine';
import { pause } from '../../pause';

export interface ScriptedMeasurement {
  readonly script: MeasureScript;
  /** On all times of this one. */
  readonly factor: number;
}

async function evaluate(
  { script, factor }: ScriptedMeasurement,
  tokens: number,
  signal?: AbortSignal,
): Promise<number> {
  const startedAt = performance.now();
  const { overheadMs = 0, promptTokenMs = 1 } = script;
  await pause((overheadMs + tokens * promptTokenMs) * factor, signal);
  return performance.now() - startedAt;
}

export async function measurePrefill(
  measurement: ScriptedMeasurement,
  tokens: number,
  { signal }: MeasureControl,
): Promise<PrefillMeasurement> {
  const milliseconds = await evaluate(measurement, tokens, signal);
  const { cachedTokens = 0, ownClock } = measurement.script;
  const engine = {
    promptTokens: tokens,
    promptMs: milliseconds * (ownClock ?? 1),
    generatedTokens: 1,
    intervals: 0,
    decodeMs: 0,
  };
  return { tokens, milliseconds, cachedTokens, ...(ownClock !== undefined && { engine }) };
}

/** @param emitted told each time at which tokens really came */
export async function measureDecode(
  measurement: ScriptedMeasurement,
  tokens: number,
  { depth = 1, signal, onTokens }: MeasureControl,
  emitted: (at: number) => void,
): Promise<DecodeMeasurement> {
  const { tokenMs = 1, tokensPerChunk = 1, endsAfter = Infinity, ownClock, knowsDepth = true } = measurement.script;
  const requestedAt = performance.now();
  const promptMs = await evaluate(measurement, depth, signal);
  const timestamps: number[] = [];
  const chunkTokens: number[] = [];
  const wanted = Math.min(tokens, endsAfter);
  for (let made = 0; made < wanted && !signal?.aborted;) {
    const chunk = Math.min(tokensPerChunk, wanted - made);
    if (made > 0) await pause(tokenMs * chunk * measurement.factor, signal);
    made += chunk;
    const at = performance.now();
    timestamps.push(at);
    chunkTokens.push(chunk);
    emitted(at);
    onTokens?.(made);
  }
  const generatedTokens = chunkTokens.reduce((sum, chunk) => sum + chunk, 0);
  const decodeMs = ((timestamps.at(-1) ?? 0) - (timestamps[0] ?? 0)) * (ownClock ?? 1);
  const intervals = generatedTokens - (chunkTokens[0] ?? 0);
  return {
    timestamps,
    requestedAt,
    ...(tokensPerChunk > 1 && { chunkTokens }),
    ...(knowsDepth && { depthTokens: depth }),
    ...(ownClock !== undefined && {
      engine: { promptTokens: depth, promptMs: promptMs * ownClock, generatedTokens, intervals, decodeMs },
    }),
  };
}
