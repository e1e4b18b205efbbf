/** Which answers count for a contender, and as what. */
import type { CaseId, CaseSet } from '../../shared/domain/lab/case-set';
import type { Outcome } from '../../shared/domain/lab/check';
import type { ContenderId, LabAnswer, LabRun } from '../../shared/domain/lab/run';

/**
 * The person's verdict decides where there is one: it was given without knowing whose answer it was. An answer in trouble has not
 * passed, whatever its checks say: what was written until then may hold the right word.
 */
export function outcomeOf({ personal, trouble, outcome }: LabAnswer): Outcome {
  if (personal !== undefined) return personal;
  return trouble !== undefined && outcome === 'pass' ? 'fail' : outcome;
}

/** Answers of one contender by case; every case of the set is there, in its order. */
export type AnswersByCase = ReadonlyMap<CaseId, readonly LabAnswer[]>;

/**
 * Answers of other runs, to cases that the set no longer has, and beyond the samples of the run don't count. Of a sample that is
 * there twice, the later answer does.
 */
export function answersByCase(
  run: LabRun,
  set: CaseSet,
  answers: readonly LabAnswer[],
  contenderId: ContenderId,
): AnswersByCase {
  const samples = new Map(set.cases.map(({ id }) => [id, new Map<number, LabAnswer>()]));
  for (const answer of answers) {
    if (answer.runId !== run.id || answer.contenderId !== contenderId || answer.sample >= run.settings.samples)
      continue;
    const known = samples.get(answer.caseId);
    const before = known?.get(answer.sample);
    if (!before || before.answeredAt <= answer.answeredAt) known?.set(answer.sample, answer);
  }
  return new Map([...samples].map(([id, known]) => [id, [...known.values()].sort((a, b) => a.sample - b.sample)]));
}
