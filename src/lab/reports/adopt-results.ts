/** Results of somebody else as a run of this device. */
import type { CaseSet } from '../../shared/domain/lab/case-set';
import type { LabAnswer, LabRun, RunId } from '../../shared/domain/lab/run';
import { FailureError } from '../../shared/protocol/failure';
import type { ReadResults } from '../../shared/protocol/set-files';
import { combinedOutcome } from '../checks/combined-outcome';

/** Whether these are results of the same prompt, checks, and cases. */
export const isOfSet = ({ head }: ReadResults, set: CaseSet, setHash: string): boolean =>
  head.set.hash === setHash && head.set.cases === set.cases.length;

/**
 * The results as a run of this device: comparable with its own runs of the set, and never in the place of one of them.
 * An outcome follows from the findings, whatever the file says: nobody gets better by writing so.
 * @param setHash of `set`
 * @param runId a new one
 * @throws FailureError `lab-results-other-set`
 */
export function adoptResults(
  read: ReadResults,
  set: CaseSet,
  setHash: string,
  runId: RunId,
): { readonly run: LabRun; readonly answers: readonly LabAnswer[] } {
  const { head } = read;
  if (!isOfSet(read, set, setHash)) throw new FailureError({ kind: 'lab-results-other-set', technical: head.set.hash });
  const { settings, contenders, facts, judge, state, startedAt, updatedAt, app } = head;
  const run: LabRun = {
    id: runId,
    setId: set.id,
    setName: set.name,
    setHash,
    settings,
    contenders,
    facts,
    lost: [],
    judge,
    // Nobody here can go on with it.
    state: state === 'finished' ? 'finished' : 'stopped',
    caseCount: set.cases.length,
    startedAt,
    updatedAt,
    importedAt: Date.now(),
    app,
  };
  const answers = read.answers.flatMap(({ contender, case: index, ...answer }): LabAnswer[] => {
    const caseId = set.cases[index]?.id;
    if (caseId === undefined) return [];
    const id = `${runId}:${contender}:${caseId}:${answer.sample}`;
    // An answer in trouble has failed without a finding.
    const outcome = answer.trouble ? 'fail' : combinedOutcome(answer.findings);
    return [{ ...answer, id, runId, contenderId: contender, caseId, outcome }];
  });
  return { run, answers };
}
