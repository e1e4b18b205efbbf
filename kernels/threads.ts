/**
 * How threads share the work of one pass. All of them run the same code over one memory; at each step they take pieces of the
 * work from a common counter, and meet at a barrier before the next step. Taken and not dealt out: cores are unequally fast, and
 * other programs need them, too.
 *
 * One thread alone runs the same code: atomic instructions work on a memory that is not shared, too, and it never has to wait.
 *
 * In memory, at the address that each function is given:
 *
 *    0  threads      how many there are
 *    4  next         the next piece that nobody has taken
 *    8  arrived      threads that are done with the step
 *   12  steps        steps that are over: those who wait look for its change
 *   16  jobs         passes that were asked for
 *   20  broken       1 when a thread has died; nothing brings this memory back to work then
 */

const NEXT: usize = 4;
const ARRIVED: usize = 8;
const STEPS: usize = 12;
const JOBS: usize = 16;
const BROKEN: usize = 20;

/** Looks before a thread goes to sleep: waking it takes longer than most steps do. */
const SPINS: i32 = 4000;
/**
 * How long a thread waits while nothing at all happens, until it takes another one for dead: no piece taken, nobody arrived. Many
 * short waits: a device that was closed and opened again has one of them end at once, while all threads go on.
 */
const IDLE_WAITS: i32 = 10;
const WAIT_NS: i64 = 200_000_000;

/** The next piece of a step; whoever gets one beyond the last is done. */
@inline
export function take(state: usize): i32 {
  return atomic.add<i32>(state, 1, NEXT);
}

/** Waits until all threads are done with the step. @returns false when one of them never comes */
export function meet(state: usize): bool {
  const step = atomic.load<i32>(state, STEPS);
  if (atomic.add<i32>(state, 1, ARRIVED) == load<i32>(state) - 1) {
    atomic.store<i32>(state, 0, ARRIVED);
    atomic.store<i32>(state, 0, NEXT);
    atomic.add<i32>(state, 1, STEPS);
    atomic.notify(state + STEPS, -1);
    return isWhole(state);
  }
  for (let spin = 0; spin < SPINS; spin++) if (atomic.load<i32>(state, STEPS) != step) return isWhole(state);
  let seen = progress(state), idle = 0;
  while (atomic.load<i32>(state, STEPS) == step && isWhole(state)) {
    if (atomic.wait<i32>(state + STEPS, step, WAIT_NS) != AtomicWaitResult.TIMED_OUT) continue;
    const now = progress(state);
    idle = now == seen ? idle + 1 : 0;
    seen = now;
    if (idle == IDLE_WAITS) giveUp(state);
  }
  return isWhole(state);
}

/** Whether no thread has died. */
@inline
export function isWhole(state: usize): bool {
  return atomic.load<i32>(state, BROKEN) == 0;
}

/** Changes whenever a thread does anything in a step. */
@inline
function progress(state: usize): i32 {
  return (atomic.load<i32>(state, ARRIVED) << 24) ^ atomic.load<i32>(state, NEXT);
}

/** Says for all threads that one of them has died, and wakes those that wait for it. */
export function giveUp(state: usize): void {
  atomic.store<i32>(state, 1, BROKEN);
  atomic.notify(state + STEPS, -1);
}

/** Wakes the other threads for a pass. */
export function callThreads(state: usize): void {
  atomic.add<i32>(state, 1, JOBS);
  atomic.notify(state + JOBS, -1);
}

/** Waits for a pass. @param seen how many there have been for this thread @returns how many there are now */
export function awaitCall(state: usize, seen: i32): i32 {
  for (let spin = 0; spin < SPINS; spin++) if (atomic.load<i32>(state, JOBS) != seen) return atomic.load<i32>(state, JOBS);
  while (atomic.load<i32>(state, JOBS) == seen) atomic.wait<i32>(state + JOBS, seen, -1);
  return atomic.load<i32>(state, JOBS);
}
