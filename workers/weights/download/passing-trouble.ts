import type { Failure } from '../../../src/shared/protocol/failure';

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

/** Trouble that is going to last: whoever waits for it should let others go first. */
export class LongTrouble extends Error {
  override readonly name = 'LongTrouble';
  constructor(
    readonly failure: Failure,
    /** Milliseconds since 1970: when the next try is due. */
    readonly retryAt: number,
    /** How many tries have failed in a row. */
    readonly tries: number,
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

/** A host does not answer, or its answer breaks off. @param error what the browser says of it, which is little */
export const unreachable = (url: string, error: unknown): PassingTrouble =>
  new PassingTrouble({
    kind: 'host-unreachable',
    technical: `${typeof error === 'string' ? error : String(error)} (${url})`,
    subject: new URL(url).host,
  });

/**
 * How long to wait before the try after `tries` failed ones, in ms: doubling up to a minute, and never the same for all
 * connections, so that they do not come back all at once.
 */
export function backoffMs(tries: number, baseMs: number, random = Math.random()): number {
  return Math.min(60_000, baseMs * 2 ** Math.min(tries, 16)) * (0.5 + random / 2);
}

/** Beyond this, a date is a mistake. */
const latestMs = 30 * 24 * 3_600_000;

/** `Retry-After` as ms from now: seconds, or a date. Undefined when it is missing or senseless. */
export function parseRetryAfter(value: string | null, now = Date.now()): number | undefined {
  if (value === null) return undefined;
  const ms = /^\d+$/.test(value.trim()) ? Number(value) * 1000 : Date.parse(value) - now;
  return Number.isFinite(ms) && ms >= 0 ? Math.min(ms, latestMs) : undefined;
}
