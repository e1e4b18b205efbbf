/** What a comparison comes to: the second contender against the first. */
export type LabVerdict = 'better' | 'worse' | 'cannot-tell';

/** p must not exceed it. */
export const level = 0.05;

/**
 * There is no verdict "equal": that no difference was shown does not say that there is none.
 * @param difference of the second less the first, in any unit
 * @param probability p, adjusted where several pairs were compared
 */
export function verdictFor(difference: number, probability: number): LabVerdict {
  if (!(probability <= level) || difference === 0) return 'cannot-tell';
  return difference > 0 ? 'better' : 'worse';
}
