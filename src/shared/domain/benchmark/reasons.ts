/** Everything that may speak against a repetition or a result. Recorded with it, and never hidden. */

/** Causes for which a repetition does not count. It is kept in the file, and measured anew. */
export const repCauses = [
  /** The page was not visible. */
  'hidden',
  /** The page or the device slept. */
  'frozen',
  /** The clock of the day and the clock of the worker parted: sleep, or a clock that was set. */
  'clock-jump',
  'clock-backwards',
  /** A part of the prompt came from the KV cache. */
  'cache-hit',
  /** Less than a third of the time that this many tokens can take. */
  'too-fast',
  /** The model ended its answer although it was told not to. */
  'ended-early',
  /** Another count of tokens than asked for. */
  'count-wrong',
  /** The KV cache was not as deep as asked for. */
  'depth-wrong',
  /** Stopped in the middle. */
  'stopped',
] as const;
export type RepCause = (typeof repCauses)[number];

/** What is noted of a repetition that counts. */
export const repTags = [
  'pressure',
  'long-task',
  'unfocused',
  /** An interval of more than a second: memory trouble, as a rule. */
  'stall',
  /** The engine counts other tokens than came. */
  'count-mismatch',
  /** Tokens came in chunks. */
  'chunked',
  /** The engine's own clock says something else (more than 3 %). */
  'engine-disagrees',
  /** Somebody else wanted the CPU. */
  'contention',
] as const;
export type RepTag = (typeof repTags)[number];

/** Why a test was not made, or has no figures. */
export const skipReasons = [
  /** Three repetitions would take longer than the time box. */
  'too-slow',
  'context',
  /** The engine cannot measure at this depth. */
  'depth',
  /** The model ended its answers although it was told not to. */
  'ended-early',
  /** Every repetition had a cause for not counting. */
  'invalid',
] as const;
export type SkipReason = (typeof skipReasons)[number];

/** The best first. */
export const letters = ['A', 'B', 'C', 'X'] as const;
export type Letter = (typeof letters)[number];

/** What may be said of a whole result, and the best grade it then can have. */
export const gradeReasons = {
  'quick-profile': 'B',
  'sustained-profile': 'B',
  'comparison-profile': 'B',
  'on-battery': 'B',
  'power-saver': 'B',
  'battery-low': 'B',
  'timer-coarse': 'B',
  /** Above 1 ms: no percentiles. */
  'timer-very-coarse': 'C',
  'not-isolated': 'B',
  unfocused: 'B',
  'few-repetitions': 'B',
  /** 3 to 7 %. */
  'wide-interval': 'B',
  'very-wide-interval': 'C',
  'invalid-repetitions': 'B',
  'answer-unchecked': 'B',
  'wrong-answer': 'X',
  'engine-unchecked': 'B',
  'engine-disagrees': 'B',
  /** More than 10 %. */
  'engine-disagrees-much': 'C',
  'count-mismatch': 'B',
  'busy-at-start': 'B',
  contention: 'C',
  pressure: 'C',
  drift: 'C',
  throttled: 'C',
  stalls: 'C',
  'software-gpu': 'C',
  'other-backend': 'C',
  'faster-than-possible': 'C',
  /** The limit itself is in doubt; the speeds are not. */
  'limit-uncertain': 'A',
  'model-deleted': 'A',
  /** Stopped by the person. */
  stopped: 'C',
  /** The engine failed. */
  'broke-off': 'C',
  /** The page went away in the middle. */
  interrupted: 'C',
  'nothing-valid': 'X',
} as const satisfies Readonly<Record<string, Letter>>;

export type GradeReason = keyof typeof gradeReasons;
export const gradeReasonNames = Object.keys(gradeReasons) as GradeReason[];

/** The worst of the letters that the reasons allow. */
export function letterFor(reasons: readonly GradeReason[]): Letter {
  const worst = Math.max(0, ...reasons.map((reason) => letters.indexOf(gradeReasons[reason])));
  return letters[worst] ?? 'X';
}

/** The weightiest first. */
export const byWeight = (reasons: readonly GradeReason[]): readonly GradeReason[] =>
  [...reasons].sort((a, b) => letters.indexOf(gradeReasons[b]) - letters.indexOf(gradeReasons[a]));
