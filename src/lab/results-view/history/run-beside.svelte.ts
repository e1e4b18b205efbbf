/** Another run of the same cases, the person's own or somebody else's, that is shown beside the one on the screen. */
import type { CaseSet } from '../../../shared/domain/lab/case-set';
import type { LabRun, RunId } from '../../../shared/domain/lab/run';
import { failureFrom, type Failure } from '../../../shared/protocol/failure';
import type { WholeRun } from '../../../storage/stored-lab';

interface RunSource {
  /** Null when there is no such run. */
  wholeRun(id: RunId): Promise<WholeRun | null>;
}

/**
 * The same answers under the ids of this set's cases: where a set was imported twice, its cases have other ids, but the hash that both
 * runs share fixes their order.
 */
export function underCasesOf(set: CaseSet, other: WholeRun): WholeRun {
  const ids = new Map(other.set.cases.map(({ id }, index) => [id, set.cases[index]?.id]));
  const answers = other.answers.flatMap((answer) => {
    const caseId = ids.get(answer.caseId);
    return caseId === undefined ? [] : [{ ...answer, caseId }];
  });
  return { ...other, set, answers };
}

/** Runs that can be compared with this one, newest first. */
export const comparableRuns = (run: LabRun, runs: readonly LabRun[]): readonly LabRun[] =>
  runs.filter(({ id, setHash }) => id !== run.id && setHash === run.setHash);

export class RunBeside {
  #whole = $state.raw<WholeRun | null>(null);
  #failure = $state.raw<Failure | null>(null);
  #wanted: RunId | null = null;

  constructor(
    private readonly source: RunSource,
    private readonly set: () => CaseSet,
  ) {}

  get whole(): WholeRun | null {
    return this.#whole;
  }
  get failure(): Failure | null {
    return this.#failure;
  }

  /** @param id null for none */
  async show(id: RunId | null): Promise<void> {
    this.#wanted = id;
    this.#failure = null;
    if (id === null) this.#whole = null;
    else {
      try {
        const found = await this.source.wholeRun(id);
        // Meanwhile, another one may have been chosen.
        if (this.#wanted === id) this.#whole = found && underCasesOf(this.set(), found);
      } catch (error) {
        this.#failure = failureFrom(error);
      }
    }
  }

  dismissFailure(): void {
    this.#failure = null;
  }
}
