/** What a person's blind choices come to. */
import type { BlindChoice, Contender, ContenderId } from '../../shared/domain/lab/run';
import { bradleyTerry, type ChoicePair, type Strengths } from '../statistics/bradley-terry';
import { holm } from '../statistics/holm';
import { signFlipProbability } from '../statistics/paired-test';
import { verdictFor, type LabVerdict } from '../statistics/verdict';

/** How often each side of a pair was chosen. */
export interface ChosenPair {
  readonly first: ContenderId;
  readonly second: ContenderId;
  readonly firstChosen: number;
  readonly secondChosen: number;
  readonly equal: number;
  readonly bothBad: number;
  /** By the exact sign-flip test over cases, then by Holm over the pairs that were compared. */
  readonly adjusted: number;
  /** Of the second against the first. */
  readonly verdict: LabVerdict;
}

export interface ChoiceSummary {
  /** Those who were compared at all, in the order of the run; indexes of `strengths`. */
  readonly contenders: readonly ContenderId[];
  readonly strengths: Strengths;
  readonly pairs: readonly ChosenPair[];
}

export function summarizeChoices(contenders: readonly Contender[], choices: readonly BlindChoice[]): ChoiceSummary {
  const known = new Set(contenders.map(({ id }) => id));
  const counted = choices.filter(({ left, right }) => left !== right && known.has(left) && known.has(right));
  const compared = contenders
    .map(({ id }) => id)
    .filter((id) => counted.some(({ left, right }) => left === id || right === id));
  const pairs = compared
    .flatMap((first, index) => compared.slice(index + 1).map((second) => tally(first, second, counted)))
    .filter(({ count }) => count > 0);
  const adjusted = holm(pairs.map(({ probability }) => probability));
  return {
    contenders: compared,
    strengths: bradleyTerry(
      compared.length,
      counted.map((choice) => asPair(choice, compared)),
    ),
    pairs: pairs.map(({ pair, difference }, index) => {
      const p = adjusted[index] ?? 1;
      return { ...pair, adjusted: p, verdict: verdictFor(difference, p) };
    }),
  };
}

const scores = { left: 1, right: 0, equal: 0.5, 'both-bad': 0.5 } as const;

const asPair = ({ left, right, choice, caseId }: BlindChoice, order: readonly ContenderId[]): ChoicePair => ({
  first: order.indexOf(left),
  second: order.indexOf(right),
  score: scores[choice],
  cluster: caseId,
});

function tally(first: ContenderId, second: ContenderId, choices: readonly BlindChoice[]) {
  const between = choices.filter(
    ({ left, right }) => (left === first && right === second) || (left === second && right === first),
  );
  const chosenIn = ({ left, right, choice }: BlindChoice): ContenderId | null =>
    choice === 'left' ? left : choice === 'right' ? right : null;
  const byCase = new Map<string, number>();
  for (const choice of between) {
    const chosen = chosenIn(choice);
    const sign = chosen === null ? 0 : chosen === second ? 1 : -1;
    byCase.set(choice.caseId, (byCase.get(choice.caseId) ?? 0) + sign);
  }
  const count = (test: (choice: BlindChoice) => boolean): number => between.filter(test).length;
  const firstChosen = count((choice) => chosenIn(choice) === first);
  const secondChosen = count((choice) => chosenIn(choice) === second);
  return {
    count: between.length,
    probability: signFlipProbability([...byCase.values()]),
    difference: secondChosen - firstChosen,
    pair: {
      first,
      second,
      firstChosen,
      secondChosen,
      equal: count(({ choice }) => choice === 'equal'),
      bothBad: count(({ choice }) => choice === 'both-bad'),
    },
  };
}
