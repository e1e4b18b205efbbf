/** In ms: longer than any healthy browser takes, short enough to wait for with an open screen. */
const patience = 3000;

/** What the question is answered with, or null: it throws, it rejects, or it takes more than three seconds. */
export async function within<T>(ask: () => Promise<T> | undefined): Promise<T | null> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const tooLate = new Promise<null>((resolve) => (timer = setTimeout(() => resolve(null), patience)));
  try {
    return await Promise.race([ask() ?? null, tooLate]);
  } catch {
    return null;
  } finally {
    clearTimeout(timer);
  }
}
