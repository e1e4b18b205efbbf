import { FailureError, failureFrom, type Failure, type Result } from '../contracts/failure';
import type { LoadedModel } from '../contracts/engine';
import type { ActiveModel } from '../engine/active-model.svelte';

interface BenchmarkProfile {
  readonly prefillTokens: number;
  readonly decodeTokens: number;
  readonly repeats: number;
}

/** One row: a test in the field's usual notation (`pp64`: prefill of 64 tokens, `tg32`: decode of 32), in tokens per second. */
export interface BenchmarkRow {
  readonly name: string;
  readonly tokens: number;
  readonly median: number;
  readonly low: number;
  readonly high: number;
  readonly repeats: number;
  readonly modelName: string;
  readonly backend: string;
  readonly threads: number;
}

const profiles = {
  quick: { prefillTokens: 64, decodeTokens: 32, repeats: 5 },
} as const satisfies Record<string, BenchmarkProfile>;

export type ProfileName = keyof typeof profiles;

/** Middle value; the mean of the two middle ones for an even count. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
  const lower = sorted[Math.ceil(sorted.length / 2) - 1] ?? Number.NaN;
  return (lower + upper) / 2;
}

/** Tokens per second of n timestamps in ms: n - 1 intervals were timed, so n - 1 tokens count. */
export function decodeRate(timestamps: readonly number[]): number {
  const first = timestamps[0];
  const last = timestamps.at(-1);
  if (first === undefined || last === undefined || last <= first) return Number.NaN;
  return ((timestamps.length - 1) * 1000) / (last - first);
}

class Stopped extends Error {}

/** One run of the benchmark on the chosen model. Times are taken in the engine worker; nothing of the page is in them. */
export class BenchmarkRun {
  profile = $state<ProfileName>('quick');
  readonly profiles = Object.keys(profiles) as readonly ProfileName[];
  #phase = $state<'idle' | 'running'>('idle');
  #progress = $state<number | null>(null);
  #results = $state.raw<readonly BenchmarkRow[]>([]);
  #failure = $state.raw<Failure | null>(null);
  #stopped = false;

  constructor(private readonly model: ActiveModel) {}

  get phase(): 'idle' | 'running' {
    return this.#phase;
  }
  get progress(): number | null {
    return this.#progress;
  }
  get results(): readonly BenchmarkRow[] {
    return this.#results;
  }
  get failure(): Failure | null {
    return this.#failure;
  }

  async run(): Promise<void> {
    if (this.#phase === 'running') return;
    this.#phase = 'running';
    this.#stopped = false;
    this.#failure = null;
    this.#progress = null;
    try {
      await this.model.inTurn(() => this.#measure());
    } catch (error) {
      if (!(error instanceof Stopped)) this.#failure = failureFrom(error);
    } finally {
      this.#phase = 'idle';
      this.#progress = null;
    }
  }

  /** Takes effect after the repeat that is being measured. */
  stop(): void {
    this.#stopped = true;
  }

  exportResults(): Blob {
    const results = { measuredAt: new Date().toISOString(), userAgent: navigator.userAgent, rows: this.#results };
    return new Blob([JSON.stringify(results, null, 2)], { type: 'application/json' });
  }

  async #measure(): Promise<void> {
    const { prefillTokens, decodeTokens, repeats } = profiles[this.profile];
    const loaded = await this.model.load();
    if (!loaded.ok) {
      this.#failure = loaded.failure;
      return;
    }
    const { client } = this.model;
    const prefill: number[] = [];
    const decode: number[] = [];
    // The first repeat of each is a warm-up and not counted: caches are cold and clocks are low.
    for (let repeat = 0; repeat <= repeats; repeat += 1) {
      const read = this.#value(await client.measurePrefill(prefillTokens));
      const written = this.#value(await client.measureDecode(decodeTokens + 1));
      if (repeat > 0) {
        prefill.push((read.tokens * 1000) / read.milliseconds);
        decode.push(decodeRate(written.timestamps));
      }
      this.#progress = (repeat + 1) / (repeats + 1);
    }
    this.#results = [
      this.#row(`pp${prefillTokens}`, prefillTokens, prefill, loaded.value),
      this.#row(`tg${decodeTokens}`, decodeTokens, decode, loaded.value),
    ];
  }

  #value<T>(result: Result<T>): T {
    if (this.#stopped) throw new Stopped();
    if (!result.ok) throw new FailureError(result.failure);
    return result.value;
  }

  #row(name: string, tokens: number, rates: readonly number[], { backend, threads }: LoadedModel): BenchmarkRow {
    return {
      name,
      tokens,
      median: median(rates),
      low: Math.min(...rates),
      high: Math.max(...rates),
      repeats: rates.length,
      modelName: this.model.chosen.name,
      backend,
      threads,
    };
  }
}
