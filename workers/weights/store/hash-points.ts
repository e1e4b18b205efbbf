/**
 * How far a file has been hashed, kept with its chunks: a tab that is killed again and again would otherwise begin anew each
 * time, and a large file would never be whole.
 */
export interface HashPoint {
  /** The first so many chunks are in it. */
  readonly chunks: number;
  /** The hasher's own state, which names the build that wrote it. */
  readonly state: Uint8Array;
  /** When it was kept, in ms since 1970: its chunks had been stored by then. */
  readonly at: number;
}

/** Closer together, points would cost more than they save. */
const apartMs = 3000;

/**
 * Adds a point. One is of no use beside another that reaches as far and is older, since it is the age that makes it good.
 * @param points in the order of their chunks, like the result
 */
export function withHashPoint(points: readonly HashPoint[], point: HashPoint, settleMs: number): readonly HashPoint[] {
  if (points.some(({ chunks, at }) => chunks >= point.chunks && at <= point.at)) return points;
  const settled = points.findLast(({ at }) => at <= point.at - settleMs);
  const younger = points.filter(({ at }) => at > point.at - settleMs);
  const last = younger.at(-1);
  // The first of them becomes good first; then one each few seconds.
  const kept =
    younger.length > 1 && last && point.at - (younger.at(-2)?.at ?? 0) < apartMs ? younger.slice(0, -1) : younger;
  return [...(settled ? [settled] : []), ...kept, point];
}

/**
 * Where to go on. After a power cut, chunks of the last moments may not be what was hashed, because the disk had not yet taken
 * them: so only a point that has lain there for a while is good.
 * @param stored whether a chunk is here
 */
export function goodHashPoint(
  points: readonly HashPoint[],
  now: number,
  settleMs: number,
  stored: (index: number) => boolean,
): HashPoint | null {
  return (
    points.findLast(
      ({ chunks, at }) => at <= now - settleMs && Array.from({ length: chunks }, (_, index) => index).every(stored),
    ) ?? null
  );
}

/** Those that a change of one chunk leaves true. */
export const pointsBefore = (points: readonly HashPoint[], index: number): readonly HashPoint[] =>
  points.filter(({ chunks }) => chunks <= index);
