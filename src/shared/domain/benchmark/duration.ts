/** How long a run takes, from speeds that are known or guessed. Pure. */
import { leastTokens, type Profile } from './profiles';
import type { TestShape } from './shapes';

/** Tokens per second. */
export interface Speeds {
  readonly prefill: number;
  readonly decode: number;
}

type TimedPlan = Pick<Profile, 'shapes' | 'repetitions' | 'gapMs' | 'repetitionMs' | 'shapeMs' | 'shortensPrompts'>;

/** A test must be repeated so often to say anything about its spread. */
export const fewestRepetitions = 3;
/** They end when two in a row agree, which is soon. */
const warmUps = 2;

/** The test as it is made at these speeds: on a slow device with fewer tokens. */
export function fittedTokens(
  { kind, tokens }: TestShape,
  { prefill, decode }: Speeds,
  { repetitionMs, shortensPrompts }: Pick<TimedPlan, 'repetitionMs' | 'shortensPrompts'>,
): number {
  const rate = kind === 'pp' ? prefill : decode;
  if (rate === 0 || (kind === 'pp' && !shortensPrompts)) return tokens;
  return Math.min(tokens, Math.max(leastTokens, Math.round((rate * repetitionMs) / 1000)));
}

/** ms of one repetition. */
export const repetitionTime = ({ kind, tokens, depth }: TestShape, { prefill, decode }: Speeds): number =>
  kind === 'pp' ? (1000 * tokens) / prefill : (1000 * depth) / prefill + (1000 * tokens) / decode;

/** ms of the warm-ups and the least number of repetitions of one test; 0 for one that is left out as too slow. */
function testTime(shape: TestShape, speeds: Speeds, plan: TimedPlan): number {
  const once = repetitionTime({ ...shape, tokens: fittedTokens(shape, speeds, plan) }, speeds);
  const shortened = shape.depth === 0 && (shape.kind === 'tg' || plan.shortensPrompts);
  if (!shortened && fewestRepetitions * once > plan.shapeMs) return 0;
  const affordable = Math.max(fewestRepetitions, Math.ceil(plan.shapeMs / once) - 1);
  const repetitions = Math.min(plan.repetitions.least, affordable);
  const warm = once > plan.repetitionMs / 2 ? 1 : warmUps;
  return repetitions * (once + plan.gapMs) + warm * once;
}

/** ms from the first warm-up to the last repetition, where the spread asks for no more of them. */
export const expectedTime = (plan: TimedPlan, speeds: Speeds): number =>
  plan.shapes.reduce((sum, shape) => sum + testTime(shape, speeds, plan), 0);
