/** Which two answers are shown to a person who must not know whose they are, and on which side. */
import type { CaseId } from '../../../shared/domain/lab/case-set';
import type { BlindChoice, Contender, LabAnswer, LabRun } from '../../../shared/domain/lab/run';
import { textHash } from './text-hash';

export interface BlindPair {
  /** Of the choice: choosing again keeps one. */
  readonly id: string;
  readonly caseId: CaseId;
  readonly left: LabAnswer;
  readonly right: LabAnswer;
}

/**
 * All pairs of first answers to the same case, in an order and with sides that neither the contenders nor the cases decide. They
 * follow from the id of the run, which is random, so that a pair looks the same after a reload. Answers without words and pairs
 * that say the same are left out: there is nothing to choose.
 */
export function blindPairs(
  run: Pick<LabRun, 'id' | 'contenders'>,
  answers: readonly LabAnswer[],
): readonly BlindPair[] {
  const rank = new Map(run.contenders.map(({ id }, index) => [id, index]));
  const byCase = new Map<CaseId, LabAnswer[]>();
  for (const answer of answers) {
    const { sample, text, contenderId, caseId } = answer;
    if (sample !== 0 || text.trim() === '' || !rank.has(contenderId)) continue;
    byCase.set(caseId, [...(byCase.get(caseId) ?? []), answer]);
  }
  const pairs = [...byCase].flatMap(([caseId, ofCase]) => {
    const sorted = ofCase.toSorted((a, b) => (rank.get(a.contenderId) ?? 0) - (rank.get(b.contenderId) ?? 0));
    return sorted.flatMap((first, index) =>
      sorted
        .slice(index + 1)
        .filter((second) => first.text.trim() !== second.text.trim())
        .map((second) => {
          const id = `${run.id}:${caseId}:${first.contenderId}:${second.contenderId}`;
          const [left, right] = textHash(`side ${id}`) % 2 === 0 ? [first, second] : [second, first];
          return { id, caseId, left, right, place: textHash(`place ${id}`) };
        }),
    );
  });
  return pairs
    .toSorted((a, b) => a.place - b.place || (a.id < b.id ? -1 : 1))
    .map(({ id, caseId, left, right }) => ({ id, caseId, left, right }));
}

/** The next pair that nobody has chosen from; null when there is none. */
export function nextPair(pairs: readonly BlindPair[], choices: readonly BlindChoice[]): BlindPair | null {
  const chosen = new Set(choices.map(({ id }) => id));
  return pairs.find(({ id }) => !chosen.has(id)) ?? null;
}

/** What undo takes back; null when nothing was chosen. */
export const lastChoice = (choices: readonly BlindChoice[]): BlindChoice | null =>
  choices.reduce<BlindChoice | null>((last, next) => (last && last.chosenAt > next.chosenAt ? last : next), null);

export const choiceKeys = ['left', 'right', 'equal', 'both-bad'] as const satisfies readonly BlindChoice['choice'][];

/** By the keys 1 to 4. */
export const choiceOfKey = (key: string): BlindChoice['choice'] | null =>
  /^[1-4]$/.test(key) ? (choiceKeys[Number(key) - 1] ?? null) : null;

/** How often each contender was preferred, tied and not preferred. */
export function tallyOf(
  { id }: Pick<Contender, 'id'>,
  choices: readonly BlindChoice[],
): { readonly won: number; readonly tied: number; readonly lost: number } {
  const tally = { won: 0, tied: 0, lost: 0 };
  for (const { left, right, choice } of choices) {
    if (left !== id && right !== id) continue;
    if (choice === 'equal' || choice === 'both-bad') tally.tied += 1;
    else if ((choice === 'left' ? left : right) === id) tally.won += 1;
    else tally.lost += 1;
  }
  return tally;
}
