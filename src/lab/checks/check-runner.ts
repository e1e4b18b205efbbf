import checksWorkerUrl from '../../../workers/checks.worker.ts?worker&url';
import type { Check, CheckedAnswer, Finding } from '../../shared/domain/lab/check';
import { startWorker } from '../../shared/platform/trusted-worker';
import { WorkerHandle } from '../../shared/platform/worker-handle';
import type { ChecksApi } from '../../shared/protocol/checks';
import { limitOf, quickMs, type CheckLimit } from './check-limits';
import { loadQuickJs } from './load-quickjs';

/** How long a worker may take to start, and to load what runs code, in ms: the line may be slow. */
const startMs = 30_000;

/** A worker that broke is started again once: the second time, it is the check that breaks it. */
const mostTries = 2;

const late = Symbol('late');

/** What comes of a promise in time. */
async function within<Result>(ms: number, result: Promise<Result>): Promise<Result | typeof late> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const timeout = new Promise<typeof late>((resolve) => {
    // The page may have been busy itself for all that time: an answer that waits for its turn by now is let in first.
    timer = setTimeout(() => setTimeout(() => resolve(late)), ms);
  });
  try {
    return await Promise.race([result, timeout]);
  } finally {
    clearTimeout(timer);
  }
}

interface RunnerParts {
  readonly start?: () => Worker;
  readonly loadQuickJs?: () => Promise<WebAssembly.Module>;
}

/**
 * The page's side of the worker for checks. One answer is checked after the other, and each check that may not end is sent alone: its
 * end is the end of the worker, and the next check gets a new one.
 */
export class CheckRunner {
  readonly #worker: WorkerHandle<ChecksApi>;
  readonly #loadQuickJs: () => Promise<WebAssembly.Module>;
  #last: Promise<unknown> = Promise.resolve();
  /** The worker, as its calls, that has been given what runs code. */
  #withCode: unknown = null;

  constructor({ start, loadQuickJs: load }: RunnerParts = {}) {
    this.#worker = new WorkerHandle<ChecksApi>({
      start: start ?? ((): Worker => startWorker(checksWorkerUrl, 'checks')),
      name: 'the worker for checks',
      crashed: 'unexpected',
    });
    this.#loadQuickJs = load ?? loadQuickJs;
  }

  /**
   * Never rejects: what cannot be checked is `check-broke`, without a verdict.
   * @returns a finding for each check, in order
   */
  check(answer: CheckedAnswer, checks: readonly Check[]): Promise<readonly Finding[]> {
    const findings = this.#last.then(() => this.#findings(answer, checks));
    this.#last = findings;
    return findings;
  }

  /** Ends the worker; the next check starts another. What is being checked comes out as broken. */
  end(): void {
    this.#worker.end();
  }

  async #findings(answer: CheckedAnswer, checks: readonly Check[]): Promise<readonly Finding[]> {
    const findings = new Map<Check, Finding>();
    const quick = checks.filter((check) => limitOf(check) === null);
    if (quick.length > 0) {
      const found = await this.#tried(answer, quick, null);
      for (const [index, check] of quick.entries()) {
        const finding = found[index];
        if (finding) findings.set(check, finding);
      }
    }
    for (const check of checks) {
      const limit = limitOf(check);
      const [finding] = limit ? await this.#tried(answer, [check], limit) : [];
      if (finding) findings.set(check, finding);
    }
    return checks.map((check) => findings.get(check) ?? { outcome: 'none', reason: 'check-broke' });
  }

  async #tried(answer: CheckedAnswer, checks: readonly Check[], limit: CheckLimit | null): Promise<readonly Finding[]> {
    let detail = '';
    for (let tries = 0; tries < mostTries; tries += 1) {
      try {
        const api = this.#worker.start();
        if ((await within(startMs, this.#prepared(api, limit?.runsCode ?? false))) === late)
          throw new Error('the worker for checks does not start');
        const found = await within(limit?.ms ?? quickMs, api.check(answer, checks));
        if (found !== late) return found;
        this.#worker.end();
        if (limit) return [limit.late];
        detail = 'the worker for checks does not answer';
      } catch (error) {
        this.#worker.end();
        detail = error instanceof Error ? error.message : String(error);
      }
    }
    return checks.map(() => ({ outcome: 'none', reason: 'check-broke', detail }));
  }

  /** All that takes its time before a check can run, so that it is not counted against it. */
  async #prepared(api: ReturnType<WorkerHandle<ChecksApi>['start']>, runsCode: boolean): Promise<void> {
    await api.ready();
    if (!runsCode || this.#withCode === api) return;
    if (!(await api.prepareCode(await this.#loadQuickJs()))) throw new Error('what runs code could not be loaded');
    this.#withCode = api;
  }
}
