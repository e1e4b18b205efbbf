import type { PageWatch } from '../watch/page-watch';

const patienceMs = 5000;
const lookEveryMs = 250;

/**
 * Waits up to five seconds for a device that is under pressure, then asks.
 * @returns true when it is busy and the person said to go on
 */
export async function whenQuiet(
  watch: PageWatch,
  ask: () => Promise<boolean>,
  isStopped: () => boolean,
): Promise<boolean> {
  const until = performance.now() + patienceMs;
  while (watch.state.pressed && !isStopped()) {
    if (performance.now() >= until) return ask();
    await new Promise((resolve) => setTimeout(resolve, lookEveryMs));
  }
  return false;
}
