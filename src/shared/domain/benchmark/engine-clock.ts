/** Whether the engine's own clock agrees with ours. One rule for a repetition and for the grade of the whole. */
import type { EngineTimings } from '../../protocol/measurement';

/** Shares from which on the clocks disagree, and do so much. */
export const clockLimits = { noted: 0.03, much: 0.1 } as const;
/** What is within this is no disagreement, ms: our clock also sees the way to the engine and back. */
const wayMs = 10;

/** What one of the clocks says. */
export interface ClockReading {
  readonly tokens: number;
  readonly milliseconds: number;
}

const rateOf = ({ tokens, milliseconds }: ClockReading): number | null =>
  tokens > 0 && milliseconds > 0 ? (1000 * tokens) / milliseconds : null;

/** The engine's figure by our definition: intervals, not tokens. */
export const engineReading = (kind: 'pp' | 'tg', engine: EngineTimings): ClockReading =>
  kind === 'pp'
    ? { tokens: engine.promptTokens, milliseconds: engine.promptMs }
    : { tokens: engine.intervals, milliseconds: engine.decodeMs };

export const engineRate = (kind: 'pp' | 'tg', engine: EngineTimings): number | null =>
  rateOf(engineReading(kind, engine));

/** By how much our rate is above the engine's, as a share; null where one of them tells none. */
export function clockDifference(ours: ClockReading, theirs: ClockReading): number | null {
  const ourRate = rateOf(ours);
  const theirRate = rateOf(theirs);
  if (ourRate === null || theirRate === null) return null;
  // An engine may time one token more than is taken.
  const sameTokens = Math.abs(theirs.tokens - ours.tokens) <= 1;
  const theirMs = (theirs.milliseconds * ours.tokens) / theirs.tokens;
  return sameTokens && Math.abs(ours.milliseconds - theirMs) < wayMs ? 0 : ourRate / theirRate - 1;
}
