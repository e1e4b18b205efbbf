/** Whether any tab writes an answer, fetches a model or measures: a new version must not come in between. */
import { heldLocks, holdLock } from '../shared/platform/web-locks';

const lockName = 'sotto-busy';

/** Tells all tabs that this one is busy, until it is called again. It ends with the tab, also when that crashes. */
export class BusyMark {
  #held: ReturnType<typeof holdLock> | null = null;

  set(busy: boolean): void {
    if (busy === (this.#held !== null)) return;
    void this.#held?.then((letGo) => letGo?.());
    this.#held = busy ? holdLock(lockName, { shared: true }) : null;
  }
}

export const anyTabIsBusy = async (): Promise<boolean> => (await heldLocks()).has(lockName);
