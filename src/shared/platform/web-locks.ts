/**
 * Locks that all tabs and workers of Sotto share. A lock ends with the tab that holds it, also when that tab crashes. Where a
 * browser has no Web Locks (insecure contexts) or refuses them (site data blocked), all work runs unguarded: better that than
 * none.
 */

interface LockWish {
  /** Beside others who share it, too. */
  readonly shared?: boolean;
  /** How long to wait for it, in ms; not at all where this is left out. */
  readonly patienceMs?: number;
}

/**
 * Runs `work` when nobody else holds the lock.
 * @param signal ends the waiting, with its reason as the rejection; it does not end `work`
 */
export function withLock<T>(
  name: string,
  work: () => Promise<T> | T,
  { shared, signal }: { readonly shared?: boolean; readonly signal?: AbortSignal } = {},
): Promise<T> {
  return request(name, { ...modeOf(shared), ...(signal && { signal }) }, work);
}

/**
 * Runs `work` if the lock is free now, or becomes free in time.
 * @returns null, without running it, when it does not
 */
export async function tryLock<T>(
  name: string,
  work: () => Promise<T> | T,
  { shared, patienceMs = 0 }: LockWish = {},
): Promise<T | null> {
  const patience = patienceMs > 0 ? AbortSignal.timeout(patienceMs) : null;
  const options = { ...modeOf(shared), ...(patience ? { signal: patience } : { ifAvailable: true }) };
  let begun = false;
  try {
    return await request<T | null>(name, options, (lock) => {
      if (lock === null) return null;
      begun = true;
      return work();
    });
  } catch (error) {
    if (patience?.aborted && !begun) return null;
    throw error;
  }
}

/**
 * Takes the lock if it is free now, or becomes free in time, and keeps it.
 * @returns what lets go of it; null when it was not to be had
 */
export function holdLock(name: string, wish?: LockWish): Promise<(() => void) | null> {
  return new Promise((resolve, reject) => {
    // Once it was held, its end tells nobody anything.
    tryLock(name, () => new Promise<void>(resolve), wish).then(() => resolve(null), reject);
  });
}

/** The names of all locks that any tab holds now. */
export async function heldLocks(): Promise<ReadonlySet<string>> {
  const { held = [] } =
    (await manager()
      ?.query()
      .catch(() => undefined)) ?? {};
  return new Set(held.flatMap(({ name }) => name ?? []));
}

const manager = (): LockManager | undefined => (navigator as { readonly locks?: LockManager }).locks;

const modeOf = (shared = false): LockOptions => (shared ? { mode: 'shared' } : {});

/** @param work is given null where the lock is not free and was only to be tried */
async function request<T>(
  name: string,
  options: LockOptions,
  work: (lock?: Lock | null) => Promise<T> | T,
): Promise<T> {
  const locks = manager();
  if (!locks) return work();
  let answered = false;
  try {
    return await locks.request(name, options, (lock) => {
      answered = true;
      return work(lock);
    });
  } catch (error) {
    const refused = !answered && error instanceof DOMException && error.name === 'SecurityError';
    if (!refused) throw error;
    return work();
  }
}
