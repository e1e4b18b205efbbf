/** What a repetition will take, from the fastest seen so far; and what is to be done about one that takes too long. */
import type { BenchmarkPlan, RawRep } from '../../src/shared/protocol/benchmark';
import type { SkipReason } from '../../src/shared/domain/benchmark/reasons';
import {
  fewestRepetitions,
  fittedTokens,
  repetitionTime,
  type Speeds,
} from '../../src/shared/domain/benchmark/duration';
import { contextNeeded, type TestShape } from '../../src/shared/domain/benchmark/shapes';
import { rateOf } from '../../src/shared/domain/benchmark/validity';

export class Expectation {
  #prefill = 0;
  #decode = 0;

  /** Tokens per second of reading; null before anything was read. */
  get prefillRate(): number | null {
    return this.#prefill > 0 ? this.#prefill : null;
  }

  /** Prompts of different length have different speeds, so the fastest is what no repetition can beat by much. */
  learn(rep: RawRep): void {
    const rate = rateOf(rep) ?? 0;
    if (rep.shape.kind === 'pp') this.#prefill = Math.max(this.#prefill, rate);
    else this.#decode = Math.max(this.#decode, rate);
  }

  get #speeds(): Speeds {
    return { prefill: this.#prefill, decode: this.#decode };
  }

  /** Null before both were seen. */
  get speeds(): Speeds | null {
    return this.#prefill > 0 && this.#decode > 0 ? this.#speeds : null;
  }

  /** ms of one repetition; null where nothing is known. */
  milliseconds(shape: TestShape): number | null {
    if (this.#prefill === 0 || (shape.kind === 'tg' && this.#decode === 0)) return null;
    return repetitionTime(shape, this.#speeds);
  }

  /** The test as it is made here: on a slow device with fewer tokens, and then under another name. */
  fitted(shape: TestShape, plan: BenchmarkPlan): TestShape {
    return { ...shape, tokens: fittedTokens(shape, this.#speeds, plan) };
  }

  /** Why a test is not made here; null when it is. */
  obstacle(shape: TestShape, contextTokens: number, { shapeMs, shortensPrompts }: BenchmarkPlan): SkipReason | null {
    if (contextNeeded(shape) > contextTokens) return 'context';
    // Tests that were shortened are made however long they take: they are all that there is.
    const shortened = shape.depth === 0 && (shape.kind === 'tg' || shortensPrompts);
    if (shortened) return null;
    return fewestRepetitions * (this.milliseconds(shape) ?? 0) > shapeMs ? 'too-slow' : null;
  }
}
