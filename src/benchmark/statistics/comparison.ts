/** Whether two speeds differ. Most of the time the honest answer for two runs is that it cannot be told. */
import { mean, median, standardDeviation } from '../../shared/domain/benchmark/statistics';
import { studentProbability, studentQuantile } from '../../shared/domain/benchmark/student-t';

/** `cannot-tell`: a difference as small as this one would be lost in what changes by itself. */
export type Verdict = 'faster' | 'slower' | 'same' | 'cannot-tell';

export interface Difference {
  readonly verdict: Verdict;
  /** The second against the first: 1.1 is a tenth faster. */
  readonly ratio: number;
  /** 95 % interval of the ratio. */
  readonly low: number;
  readonly high: number;
  /** The smallest ratio that would have been seen, above 1. */
  readonly detectable: number;
}

export type DeviceClass = 'desktop' | 'laptop' | 'phone';

/** How much the same device differs from one session to the next (as a standard deviation of the logarithm), until it has shown it. */
const usualSpread: Readonly<Record<DeviceClass, number>> = { desktop: 0.02, laptop: 0.03, phone: 0.05 };
/** As many sessions as the usual spread counts for. */
const usualWeight = 4;
const fewestSessions = 4;

/**
 * How much this device differs between sessions by itself.
 * @param medians of one test in one cohort, one for each session
 */
export function sessionSpread(device: DeviceClass, medians: readonly number[]): number {
  const usual = usualSpread[device];
  if (medians.length < fewestSessions) return usual;
  const own = standardDeviation(medians.map(Math.log));
  const freedom = medians.length - 1;
  return Math.sqrt((usualWeight * usual ** 2 + freedom * own ** 2) / (usualWeight + freedom));
}

/** Smaller differences interest nobody, however sure they are. */
const leastAcrossSessions = 0.03;
const leastInSession = 0.02;

/**
 * Two runs at different times. Within-run spread says little about what changes between them, so a floor is added.
 * @param spread see `sessionSpread`
 */
export function differenceBetweenSessions(
  first: readonly number[],
  second: readonly number[],
  spread: number,
): Difference | null {
  if (first.length < 2 || second.length < 2) return null;
  const change = Math.log(median(second) / median(first));
  const share = (rates: readonly number[]): number =>
    (1.25 * standardDeviation(rates.map(Math.log)) ** 2) / rates.length;
  const reach = 1.96 * 1.15 * Math.sqrt(share(first) + share(second) + 2 * spread ** 2);
  if (!Number.isFinite(change) || !Number.isFinite(reach)) return null;
  const isDifferent = Math.abs(change) > reach && Math.abs(Math.expm1(change)) > leastAcrossSessions;
  return {
    verdict: isDifferent ? (change > 0 ? 'faster' : 'slower') : 'cannot-tell',
    ratio: Math.exp(change),
    low: Math.exp(change - reach),
    high: Math.exp(change + reach),
    detectable: Math.exp(Math.max(reach, Math.log1p(leastAcrossSessions))),
  };
}

/**
 * Two things measured in turn, in one session.
 * @param ratios second to first, one for each pair of neighbouring blocks
 */
export function differenceOfPairs(ratios: readonly number[]): Difference | null {
  if (ratios.length < 2 || ratios.some((ratio) => !(ratio > 0 && Number.isFinite(ratio)))) return null;
  const logs = ratios.map(Math.log);
  const change = mean(logs);
  const error = standardDeviation(logs) / Math.sqrt(logs.length);
  const freedom = logs.length - 1;
  const reach = studentQuantile(0.975, freedom) * error;
  const probability = error === 0 ? Number(change === 0) : 2 * studentProbability(-Math.abs(change / error), freedom);
  const isDifferent = probability < 0.05 && Math.abs(Math.expm1(change)) > leastInSession;
  // All of the interval lies where nobody would call it a difference.
  const isSame = Math.abs(change) + reach <= Math.log1p(leastInSession);
  const different = change > 0 ? 'faster' : 'slower';
  return {
    verdict: isDifferent ? different : isSame ? 'same' : 'cannot-tell',
    ratio: Math.exp(change),
    low: Math.exp(change - reach),
    high: Math.exp(change + reach),
    detectable: Math.exp(Math.max(reach, Math.log1p(leastInSession))),
  };
}

/**
 * From blocks in the order A B B A A B B A … to one ratio for each neighbouring A and B: what drifts weighs on both.
 * @param blocks rate of each block; null for one that failed, whose pair is left out
 */
export function pairRatios(blocks: readonly { readonly side: 'a' | 'b'; readonly rate: number | null }[]): number[] {
  const ratios: number[] = [];
  for (let index = 0; index + 1 < blocks.length; index += 2) {
    const pair = [blocks[index], blocks[index + 1]];
    const a = pair.find((block) => block?.side === 'a')?.rate ?? null;
    const b = pair.find((block) => block?.side === 'b')?.rate ?? null;
    if (a !== null && b !== null) ratios.push(b / a);
  }
  return ratios;
}
