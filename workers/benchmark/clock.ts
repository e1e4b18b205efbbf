/** The clock of a run. Handed in everywhere, so that tests can give one that is coarse, jumps, or runs backwards. */
import { FailureError } from '../../src/shared/protocol/failure';

export interface Clock {
  /** ms since the worker started. */
  now(): number;
  /** ms since 1970, by the clock of the day. */
  wall(): number;
}

export const workerClock: Clock = { now: () => performance.now(), wall: () => Date.now() };

/** From this step on, ms, nothing that takes a second can be measured. */
const uselessMs = 20;
const enoughSteps = 20;
/** A clock with steps of 100 ms shows three in well under so many looks. */
const mostLooks = 20_000_000;

/**
 * The smallest step of the clock, in ms.
 * @throws FailureError `benchmark-clock` for one that stands, goes backwards or has steps of 20 ms or more
 */
export function clockResolution(clock: Clock): number {
  let smallest = Infinity;
  let steps = 0;
  let seen = 0;
  let before = clock.now();
  for (let look = 0; look < mostLooks && steps < enoughSteps && seen < 3 * uselessMs; look += 1) {
    const at = clock.now();
    if (at < before) refuse(`the clock went back by ${before - at} ms`);
    if (at > before) {
      smallest = Math.min(smallest, at - before);
      seen += at - before;
      steps += 1;
    }
    before = at;
  }
  if (smallest >= uselessMs) refuse(`the clock moves in steps of ${smallest} ms`);
  return smallest;
}

function refuse(technical: string): never {
  throw new FailureError({ kind: 'benchmark-clock', technical });
}
