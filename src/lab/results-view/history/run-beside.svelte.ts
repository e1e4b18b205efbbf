/** Another run of the same cases, the person's own or somebody else's, that is shown beside the one on the screen. */
import type { LabRun, RunId } from '../../../shared/domain/lab/run';
import { failureFrom, type Failure } from '../../../shared/protocol/failure';
import type { WholeRun } from '../../../storage/stored-lab';

interface RunSource {
  /** Null when there is no such run. */
  wholeRun(id: RunId): Promise<WholeRun | null>;
}

/** Runs that can be compared with this one, newest first. */
export const comparableRuns = (run: LabRun, runs: readonly LabRun[]): readonly LabRun[] =>
  runs.filter(({ id, setHash }) => id !== run.id && setHash === run.setHash);

export class RunBeside {
  #whole = $state.raw<WholeRun | null>(null);
  #failure = $state.raw<Failure | null>(null);
  #wanted: RunId | null = null;

  constructor(private readonly source: RunSource) {}

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
        if (this.#wanted === id) this.#whole = found;
      } catch (error) {
        this.#failure = failureFrom(error);
      }
    }
  }

  dismissFailure(): void {
    this.#failure = null;
  }
}
