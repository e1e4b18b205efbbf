import { lastMoment } from '../../src/shared/domain/fields';

/** Smaller numbers are seconds: as ms they would be of 1973 or before. */
const leastMilliseconds = 1e11;
const dayMs = 24 * 60 * 60 * 1000;

/**
 * A time of another program as ms since the epoch: seconds, milliseconds or text. Undefined for what is no time, and for what is
 * still to come: it would stand at the top of the list for ever.
 */
export function foreignTime(value: unknown, now = Date.now()): number | undefined {
  const number = typeof value === 'string' ? Date.parse(value) : value;
  if (typeof number !== 'number' || !(number > 0) || number > lastMoment) return undefined;
  const time = Math.round(number < leastMilliseconds ? number * 1000 : number);
  return time <= now + dayMs ? time : undefined;
}
