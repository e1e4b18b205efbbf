import type { BenchmarkPhase, BenchmarkPlan, Forecast, RawRep } from '../../src/shared/protocol/benchmark';
import type { TestShape } from '../../src/shared/domain/benchmark/shapes';
import { Expectation } from './expectation';
import { Progress } from './progress';
import { measureRepetition } from './repetition';
import type { RunnerParts } from './runner-parts';
import { checkStopped } from './stop';

/** How long a repetition waits for a device that is too hot or too busy, ms. */
const pressureWaitMs = 15_000;

/** What the stages of one run share: the parts, the order of repetitions, what is to be expected. */
export class Run {
  readonly expectation = new Expectation();
  readonly #progress: Progress;
  readonly #startedAt: number;
  #order = 0;

  constructor(
    readonly parts: RunnerParts,
    readonly plan: BenchmarkPlan,
    readonly signal: AbortSignal,
  ) {
    this.#startedAt = parts.clock.now();
    this.#progress = new Progress(parts.clock, parts.post);
  }

  tell(phase: BenchmarkPhase, fraction: number, forecast?: Partial<Forecast>): void {
    this.#progress.tell(phase, fraction, forecast);
  }

  /** ms since this run began. */
  get elapsedMs(): number {
    return this.parts.clock.now() - this.#startedAt;
  }

  /** Measures one repetition and tells the page. @throws Stopped; what the engine throws */
  async repeat(shape: TestShape, { warmUp = false } = {}): Promise<RawRep> {
    await this.#ready();
    const order = this.#order;
    this.#order += 1;
    const prefillRate = warmUp ? null : this.expectation.prefillRate;
    const repetition = { shape, order, warmUp, seed: this.plan.seed + order, prefillRate };
    const rep = await measureRepetition(this.parts, repetition, this.signal);
    if (rep.causes.length === 0) this.expectation.learn(rep);
    this.parts.post({ type: 'rep', rep });
    return rep;
  }

  async pause(milliseconds: number): Promise<void> {
    if (milliseconds > 0) await this.parts.wait(milliseconds, this.signal);
    checkStopped(this.signal);
  }

  /** A short read of memory, which shows whether the device is still as fast as it was. */
  async sampleMemory(): Promise<void> {
    const gigabytesPerSecond = (await this.parts.memory?.sample(this.signal)) ?? null;
    checkStopped(this.signal);
    if (gigabytesPerSecond !== null)
      this.parts.post({ type: 'canary', at: this.parts.clock.now(), gigabytesPerSecond });
  }

  /** Nothing is measured behind another tab, and not at once on a device under pressure. */
  async #ready(): Promise<void> {
    const { page, wait } = this.parts;
    await page.until(({ visible }) => visible, this.signal);
    if (page.state.pressed) {
      const patience = new AbortController();
      const end = (): void => patience.abort();
      this.signal.addEventListener('abort', end);
      await Promise.race([
        page.until(({ pressed }) => !pressed, patience.signal),
        wait(pressureWaitMs, patience.signal),
      ]);
      patience.abort();
      this.signal.removeEventListener('abort', end);
    }
    checkStopped(this.signal);
  }
}
