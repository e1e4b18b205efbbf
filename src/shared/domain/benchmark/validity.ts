/** The checks of a single repetition. What cannot be known is not held against it. */
import { clockDifference, clockLimits, engineReading, type ClockReading } from './engine-clock';
import type { RawRep } from '../../protocol/benchmark';
import type { RepCause, RepTag } from './reasons';
import { chunkedShare, decodeRate, prefillRate, tokenIntervals, type TokenTimes } from './token-times';

/** A prompt of at most so many tokens counts as depth 0. */
const shallow = 16;
/** The two clocks may part by so much within one repetition, ms: more is sleep, or a clock that was set. */
const clockTolerance = 1000;

export const timesOf = ({ requestedAt, stamps, chunkTokens }: Measured): TokenTimes => ({
  requestedAt,
  stamps,
  chunkTokens: chunkTokens ?? undefined,
});

export interface RepContext {
  /** Tokens per second of reading, as the warm-up found it; null in the warm-up. */
  readonly prefillRate: number | null;
  /** By how much the clock of the day moved more than the worker's, ms. */
  readonly wallDriftMs: number;
  readonly hidden: boolean;
  readonly stopped: boolean;
}

export type Measured = Omit<RawRep, 'causes'>;

export function causesOf(rep: Measured, context: RepContext): RepCause[] {
  const causes: RepCause[] = [];
  const { kind, tokens, depth } = rep.shape;
  if (context.hidden) causes.push('hidden');
  if (Math.abs(context.wallDriftMs) > clockTolerance) causes.push('clock-jump');
  const all = [rep.requestedAt, ...rep.stamps, rep.endedAt];
  if (all.some((at, index) => at < (all[index - 1] ?? at))) causes.push('clock-backwards');
  if (context.stopped) return [...causes, 'stopped'];
  if (kind === 'pp') {
    const took = (rep.stamps[0] ?? rep.endedAt) - rep.requestedAt;
    if ((rep.cachedTokens ?? 0) > 0) causes.push('cache-hit');
    else if (context.prefillRate !== null && took < 0.3 * ((1000 * tokens) / context.prefillRate))
      causes.push('too-fast');
  } else {
    // One that the model ended has too few tokens, too; the cause is what matters.
    if (rep.generated < rep.wanted) causes.push('ended-early');
    else if (rep.generated > rep.wanted) causes.push('count-wrong');
    const wrong = depth === 0 ? (rep.promptTokens ?? 0) > shallow : Math.abs((rep.promptTokens ?? 0) - depth) > 1;
    if (wrong) causes.push('depth-wrong');
  }
  return causes;
}

/** @param usualCanaryMs what the canary takes when nobody disturbs it */
export function tagsOf(rep: Measured, usualCanaryMs: number): RepTag[] {
  const tags: RepTag[] = [];
  if (rep.pressed) tags.push('pressure');
  if (rep.canaryMs > 1.1 * usualCanaryMs) tags.push('contention');
  const times = timesOf(rep);
  if (rep.shape.kind === 'tg') {
    if (tokenIntervals(times).some((interval) => interval > 1000 && interval > 3 * typical(times))) tags.push('stall');
    if (chunkedShare(times) > 0.05) tags.push('chunked');
    const counted = rep.engine ? rep.engine.generatedTokens : rep.generated;
    if (counted > 0 && Math.abs(rep.generated / counted - 1) > 0.01) tags.push('count-mismatch');
  }
  const difference = rep.engine && clockDifference(readingOf(rep), engineReading(rep.shape.kind, rep.engine));
  if (Math.abs(difference ?? 0) > clockLimits.noted) tags.push('engine-disagrees');
  return tags;
}

/** What our clock says of a repetition. */
function readingOf({
  shape,
  requestedAt,
  stamps,
  endedAt,
  generated,
  chunkTokens,
  promptTokens,
}: Measured): ClockReading {
  const first = stamps[0] ?? endedAt;
  if (shape.kind === 'pp') return { tokens: promptTokens ?? 0, milliseconds: first - requestedAt };
  return { tokens: generated - (chunkTokens?.[0] ?? 1), milliseconds: (stamps.at(-1) ?? first) - first };
}

/** The rate of a repetition in tokens per second. */
export function rateOf(rep: Measured): number | null {
  if (rep.shape.kind === 'tg') return decodeRate(timesOf(rep));
  return prefillRate(rep.promptTokens ?? 0, (rep.stamps[0] ?? rep.endedAt) - rep.requestedAt);
}

const typical = (times: TokenTimes): number => {
  const intervals = tokenIntervals(times).sort((a, b) => a - b);
  return intervals[Math.floor(intervals.length / 2)] ?? 0;
};
