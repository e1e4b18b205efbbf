/** Whether any tab writes an answer, fetches a model or measures: a new version must not come in between. */
const lockName = 'sotto-busy';

/** Web Locks are missing in insecure contexts; there is no service worker either, and nothing to wait for. */
const locks = (): LockManager | undefined => (navigator as { readonly locks?: LockManager }).locks;

/** Tells all tabs that this one is busy, until it is called again. It ends with the tab, also when that crashes. */
export class BusyMark {
  #release: (() => void) | null = null;

  set(busy: boolean): void {
    if (busy === (this.#release !== null)) return;
    if (!busy) {
      this.#release?.();
      this.#release = null;
      return;
    }
    const released = new Promise<void>((resolve) => (this.#release = resolve));
    void locks()?.request(lockName, { mode: 'shared' }, () => released);
  }
}

export async function anyTabIsBusy(): Promise<boolean> {
  const held = (await locks()?.query())?.held ?? [];
  return held.some(({ name }) => name === lockName);
}
