/** A piece of work for the CPU that always costs the same: when it takes longer, somebody else is at work, too. */
import type { Clock } from './clock';

const wantedMs = 20;

/** Xorshift: nothing that a compiler could shorten, and no memory. */
function work(rounds: number): number {
  let state = 0x9e3779b9;
  for (let round = 0; round < rounds; round += 1) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
  }
  return state;
}

export class FixedWork {
  #rounds = 0;
  /** What came of it: a result that somebody could ask for is one that has to be computed. */
  sink = 0;

  constructor(private readonly clock: Clock) {}

  /** Does the work. @returns how long it took, ms */
  run(): number {
    if (this.#rounds === 0) this.#findRounds();
    return this.#time(this.#rounds);
  }

  #findRounds(): void {
    // The first runs are those in which the compiler still works on it.
    let rounds = 100_000;
    for (let attempt = 0; attempt < 12 && this.#time(rounds) < wantedMs / 2; attempt += 1) rounds *= 2;
    const took = Math.min(this.#time(rounds), this.#time(rounds), this.#time(rounds));
    this.#rounds = took > 0 ? Math.max(1, Math.round((rounds * wantedMs) / took)) : rounds;
  }

  #time(rounds: number): number {
    const startedAt = this.clock.now();
    this.sink ^= work(rounds);
    return this.clock.now() - startedAt;
  }
}
