import type { Failure } from '../../../src/contracts/failure';

/** Something that may pass by itself: the network is away, the server is busy. Trying again later is right. */
export class PassingTrouble extends Error {
  override readonly name = 'PassingTrouble';
  constructor(
    readonly failure: Failure,
    /** What the server asked for, in ms. */
    readonly retryAfterMs?: number,
  ) {
    super(failure.technical);
  }
}

/** The server sends whole files only: asked for a part, it answered with everything. */
export class RangesIgnored extends Error {
  override readonly name = 'RangesIgnored';
}

/** The content at the address is not the one whose beginning is stored. */
export class ContentChanged extends Error {
  override readonly name = 'ContentChanged';
}

/**
 * How long to wait before the try after `tries` failed ones, in ms: doubling up to a minute, and never the same for all
 * connections, so that they do not come back all at once.
 */
export function backoffMs(tries: number, baseMs: number, random = Math.random()): number {
  return Math.min(60_000, baseMs * 2 ** Math.min(tries, 16)) * (0.5 + random / 2);
}

/** `Retry-After` as ms from now: seconds, or a date. Undefined when it is missing or senseless. */
export function parseRetryAfter(value: string | null, now = Date.now()): number | undefined {
  if (value === null) return undefined;
  const ms = /^\d+$/.test(value.trim()) ? Number(value) * 1000 : Date.parse(value) - now;
  // An hour at most: beyond that a person had better hear of it.
  return Number.isFinite(ms) && ms >= 0 ? Math.min(ms, 3_600_000) : undefined;
}
