/** The benchmark as the page sees it: a run in progress, the result on the screen, and the results of this device. */
import type { ProfileName } from '../shared/domain/benchmark/profiles';
import { benchmarkLockName } from '../shared/domain/benchmark/suite';
import { exclusively } from '../shared/platform/exclusively';
import type { Forecast } from '../shared/protocol/benchmark';
import type { BenchmarkResult } from './statistics/result';
import { failureFrom, type Failure } from '../shared/protocol/failure';
import type { StoredComparison } from './history/database';
import { HistoryStore } from './history/history-store';
import { readLink } from './formats/link';
import { readImportedFile, readImportedText, type Imported } from './formats/read-import';
import { BenchmarkJob } from './run/benchmark-job';
import { CompareJob, type ComparedSide } from './run/compare-job';
import type { JobListener, JobParts, RunPhase } from './run/job-parts';

/** What is on the screen. Somebody's result is never mixed with those of this device. */
export type Shown =
  | { readonly kind: 'own'; readonly result: BenchmarkResult }
  | { readonly kind: 'somebodys'; readonly imported: Imported }
  | { readonly kind: 'comparison'; readonly comparison: StoredComparison };

const nothingKnown: Forecast = { leftMs: null, extension: null };

export class Benchmark {
  profile = $state<ProfileName>('quick');
  minutes = $state<5 | 10>(5);
  #phase = $state<RunPhase | null>(null);
  #fraction = $state(0);
  #forecast = $state.raw<Forecast>(nothingKnown);
  #visible = $state(true);
  #pressed = $state(false);
  #failure = $state.raw<Failure | null>(null);
  #shown = $state.raw<Shown | null>(null);
  #history = $state.raw<readonly BenchmarkResult[]>([]);
  #comparisons = $state.raw<readonly StoredComparison[]>([]);
  #busyQuestion = $state.raw<((goOn: boolean) => void) | null>(null);
  /** The answer that is drawn while drawing is measured. */
  #chatText = $state('');
  #job: { stop(): void } | null = null;
  /** Set while a screen is there that shows `chatText`. */
  isOnScreen = false;

  constructor(
    readonly parts: JobParts,
    private readonly store = new HistoryStore(),
  ) {}

  get phase(): RunPhase | null {
    return this.#phase;
  }
  /** 0 to 1, of the phase. */
  get fraction(): number {
    return this.#fraction;
  }
  /** What is to come of the run in progress. */
  get forecast(): Forecast {
    return this.#forecast;
  }
  /** Whether the page could be seen when it was last looked at. */
  get visible(): boolean {
    return this.#visible;
  }
  /** The device is hot or busy with something else: each repetition waits for a while until it is not. */
  get pressed(): boolean {
    return this.#pressed;
  }
  get failure(): Failure | null {
    return this.#failure;
  }
  get shown(): Shown | null {
    return this.#shown;
  }
  /** Newest first. */
  get history(): readonly BenchmarkResult[] {
    return this.#history;
  }
  /** Newest first. */
  get comparisons(): readonly StoredComparison[] {
    return this.#comparisons;
  }
  get chatText(): string {
    return this.#chatText;
  }
  /** Set while the person is asked whether to go on although the device is busy. */
  get busyQuestion(): ((goOn: boolean) => void) | null {
    return this.#busyQuestion;
  }

  /** Reads the results of this device, and shows the newest. A history that cannot be read is told, and nothing else depends on it. */
  async open(): Promise<void> {
    const [results, comparisons] = [await this.store.results(), await this.store.comparisons()];
    if (results.ok) this.#history = results.value;
    else this.#failure = results.failure;
    if (comparisons.ok) this.#comparisons = comparisons.value;
    else this.#failure = comparisons.failure;
    const [newest] = this.#history;
    if (this.#shown === null && newest) this.#shown = { kind: 'own', result: newest };
  }

  run(): Promise<void> {
    const listener = this.#listener();
    const job = new BenchmarkJob(this.parts, this.profile, this.minutes, listener);
    return this.#measure(job, async () => {
      const result = await job.run();
      if (!result) return;
      this.#shown = { kind: 'own', result };
      await this.#keep(result);
    });
  }

  compare(a: ComparedSide, b: ComparedSide): Promise<void> {
    const job = new CompareJob(this.parts, { a, b }, this.#listener());
    return this.#measure(job, async () => {
      const outcome = await job.run();
      if (!outcome) return;
      this.#shown = { kind: 'comparison', comparison: outcome.comparison };
      for (const result of outcome.results) await this.#keep(result);
      const kept = await this.store.keepComparison(outcome.comparison);
      if (!kept.ok) this.#failure = kept.failure;
      this.#comparisons = [outcome.comparison, ...this.#comparisons];
    });
  }

  /** What was measured stays. */
  stop(): void {
    this.#busyQuestion?.(false);
    this.#job?.stop();
  }

  show(shown: Shown): void {
    this.#shown = shown;
  }

  /** @returns the way back; null when it could not be done, see `failure` */
  async remove(id: string): Promise<(() => Promise<void>) | null> {
    const gone = this.#history.find((result) => result.id === id);
    const removed = await this.store.remove(id);
    if (!removed.ok) {
      this.#failure = removed.failure;
      return null;
    }
    this.#history = this.#history.filter((result) => result.id !== id);
    const wasShown = this.#shown?.kind === 'own' && this.#shown.result.id === id;
    if (wasShown) this.#shown = null;
    return async () => {
      if (!gone) return;
      const kept = await this.store.keep(gone);
      if (!kept.ok) this.#failure = kept.failure;
      this.#history = [...this.#history, gone].sort((a, b) => b.started.localeCompare(a.started));
      if (wasShown) this.#shown = { kind: 'own', result: gone };
    };
  }

  /** Their results stay. @returns the way back; null when it could not be done, see `failure` */
  async removeComparison(id: string): Promise<(() => Promise<void>) | null> {
    const gone = this.#comparisons.find((comparison) => comparison.id === id);
    const removed = await this.store.removeComparison(id);
    if (!removed.ok) {
      this.#failure = removed.failure;
      return null;
    }
    this.#comparisons = this.#comparisons.filter((comparison) => comparison.id !== id);
    if (this.#shown?.kind === 'comparison' && this.#shown.comparison.id === id) this.#shown = null;
    return async () => {
      if (!gone) return;
      const kept = await this.store.keepComparison(gone);
      if (!kept.ok) this.#failure = kept.failure;
      this.#comparisons = [...this.#comparisons, gone].sort((a, b) => b.started.localeCompare(a.started));
    };
  }

  /** Why what was to be opened could not be read is told where it was chosen. @returns null when it is shown */
  importFile = (file: Blob): Promise<Failure | null> => this.#import(() => readImportedFile(file));
  importText = (text: string): Promise<Failure | null> => this.#import(() => readImportedText(text));
  /** Opens the result in the address of the page. Anybody may have written it. */
  async openLink(hash: string): Promise<void> {
    this.#failure = await this.#import(async () => ({ kind: 'own', ...(await readLink(hash)) }));
  }

  dismissFailure(): void {
    this.#failure = null;
  }

  async #import(read: () => Promise<Imported>): Promise<Failure | null> {
    // What was told of an earlier one says nothing of this.
    this.#failure = null;
    try {
      const imported = await read();
      this.#shown = { kind: 'somebodys', imported };
      return null;
    } catch (error) {
      return failureFrom(error, 'result-unreadable');
    }
  }

  async #measure(job: { stop(): void }, work: () => Promise<void>): Promise<void> {
    if (this.#phase !== null) return;
    this.#phase = 'preparing';
    this.#fraction = 0;
    this.#forecast = nothingKnown;
    this.#failure = null;
    this.#job = job;
    try {
      await exclusively(benchmarkLockName, 'benchmark-elsewhere', () => this.parts.model.inTurn(work));
    } catch (error) {
      this.#failure = failureFrom(error);
    } finally {
      this.#phase = null;
      this.#job = null;
      this.#busyQuestion = null;
      this.#chatText = '';
    }
  }

  /** Puts a result away; one that finds no room stays on the screen, and can still be exported. */
  async #keep(result: BenchmarkResult): Promise<void> {
    const kept = await this.store.keep(result);
    if (!kept.ok) this.#failure = kept.failure;
    this.#history = [result, ...this.#history.filter(({ id }) => id !== result.id)];
  }

  #listener(): JobListener {
    return {
      phase: (phase, fraction, forecast = nothingKnown) => {
        this.#phase = phase;
        this.#fraction = fraction;
        this.#forecast = forecast;
      },
      sees: ({ visible, pressed }) => {
        this.#visible = visible;
        this.#pressed = pressed;
      },
      askBusy: () =>
        new Promise<boolean>((resolve) => {
          this.#busyQuestion = (goOn): void => {
            this.#busyQuestion = null;
            if (!goOn) this.#job?.stop();
            resolve(goOn);
          };
        }),
      canDraw: () => this.isOnScreen,
      draw: (text) => (this.#chatText = text),
      keep: (result) => void this.store.keep(result),
    };
  }
}
