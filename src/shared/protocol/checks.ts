/** What the worker for checks is asked. It has no network; the page ends it when it does not answer in time. */
import type { Check, CheckedAnswer, Finding } from '../domain/lab/check';

export interface ChecksApi {
  /** Resolves once the worker runs: how long it takes to start is no part of a check's time. */
  ready(): Promise<void>;
  /**
   * Loads what runs code, before a check with code is asked for.
   * @param quickJs the compiled engine, which the page fetches: the worker itself can fetch nothing
   * @returns whether everything came; false where a part of the worker could not be loaded
   */
  prepareCode(quickJs: WebAssembly.Module): Promise<boolean>;
  /**
   * @returns one finding for each check, in order; `not-judged` for those that only a model can decide, `check-broke` for code
   *   before `prepareCode`
   */
  check(answer: CheckedAnswer, checks: readonly Check[]): Promise<readonly Finding[]>;
}
