/** What each profile measures, and how long it may take. The numbers are those of docs/benchmark.md. */
import { contextNeeded, shapeOf, type TestShape } from './shapes';

export const profileNames = ['quick', 'standard', 'sustained'] as const;
export type ProfileName = (typeof profileNames)[number];

export interface Repetitions {
  readonly least: number;
  readonly most: number;
}

export interface Profile {
  readonly shapes: readonly TestShape[];
  /** Names of the tests whose precision ends the run, and which are shown large. */
  readonly headline: readonly string[];
  readonly repetitions: Repetitions;
  /** Warm-ups of a shape at most; they end when two in a row agree within 5 %. */
  readonly mostWarmUps: number;
  /** Between two repetitions, in ms. */
  readonly gapMs: number;
  /** How long a repetition should take at most, in ms: fewer tokens are generated on a slow device, but never under 32. */
  readonly repetitionMs: number;
  /** What all repetitions of one shape may take together, in ms. */
  readonly shapeMs: number;
  /** Repetitions beyond the least are made only while the whole run takes no longer than this, in ms. */
  readonly extendMs: number;
  /** Shorter prompts for slow devices, instead of none. */
  readonly shortensPrompts: boolean;
  /** How thoroughly the physical limit is looked for. */
  readonly ceiling: 'brief' | 'full';
  /** Also measures loading, reading of the cache, and a turn of the chat with everything drawn. */
  readonly around: boolean;
}

const pp = (tokens: number): TestShape => ({ kind: 'pp', tokens, depth: 0 });
const tg = (tokens: number, depth = 0): TestShape => ({ kind: 'tg', tokens, depth });

export const profiles: Readonly<Record<ProfileName, Profile>> = {
  quick: {
    shapes: [pp(128), tg(64)],
    headline: ['pp128', 'tg64'],
    repetitions: { least: 3, most: 3 },
    mostWarmUps: 3,
    gapMs: 500,
    repetitionMs: 4000,
    shapeMs: 20_000,
    extendMs: 0,
    shortensPrompts: true,
    ceiling: 'brief',
    around: false,
  },
  standard: {
    shapes: [pp(64), pp(512), pp(1024), tg(128), tg(128, 1024), tg(128, 4096)],
    headline: ['pp512', 'tg128'],
    repetitions: { least: 5, most: 10 },
    mostWarmUps: 4,
    gapMs: 1000,
    repetitionMs: 9000,
    shapeMs: 45_000,
    extendMs: 300_000,
    shortensPrompts: false,
    ceiling: 'full',
    around: true,
  },
  sustained: {
    shapes: [tg(128, 256)],
    headline: ['tg128 @ d256'],
    repetitions: { least: 1, most: Number.MAX_SAFE_INTEGER },
    mostWarmUps: 3,
    gapMs: 0,
    repetitionMs: Number.POSITIVE_INFINITY,
    shapeMs: Number.POSITIVE_INFINITY,
    extendMs: 0,
    shortensPrompts: false,
    ceiling: 'brief',
    around: false,
  },
};

export const sustainedMinutes = [5, 10] as const;
/** Idle time before the last segment of a sustained run. */
export const recoveryMs = 60_000;

/** A prompt seldom takes exactly as many tokens as asked for. */
const promptTolerance = 0.1;

/** Whether a test is one of the headline, also where a slow device made it with fewer tokens, and so under another name. */
function isHeadline(
  shape: TestShape,
  { headline, shortensPrompts }: Pick<Profile, 'headline' | 'shortensPrompts'>,
): boolean {
  return headline.some((name) => {
    const wanted = shapeOf(name);
    if (wanted?.kind !== shape.kind || wanted.depth !== shape.depth) return false;
    return shape.kind === 'tg' || shortensPrompts || Math.abs(shape.tokens / wanted.tokens - 1) < promptTolerance;
  });
}

/** The tests of the headline among those that were made; all of them where none of those was. */
export function headlineAmong<T>(
  made: readonly T[],
  shape: (test: T) => TestShape | null,
  plan: Pick<Profile, 'headline' | 'shortensPrompts'>,
): readonly T[] {
  const found = made.filter((test) => {
    const own = shape(test);
    return own !== null && isHeadline(own, plan);
  });
  return found.length > 0 ? found : made;
}

/** A rate is precise enough when half its interval is at most this share of it. */
export const precision = 0.03;
/** Fewer timed tokens than this say nothing about a rate. */
export const leastTokens = 32;
/** Of a repetition with a recorded cause for being invalid: so many are measured anew in each test. */
export const mostReruns = 3;

/** The window that a profile needs, in tokens. */
export const contextOf = (profile: ProfileName): number => Math.max(...profiles[profile].shapes.map(contextNeeded));
