/** What the worker for checks is asked. It has no network; the page ends it when it does not answer in time. */
import type { Check, CheckedAnswer, Finding } from '../domain/lab/check';

export interface ChecksApi {
  /** @returns one finding for each check, in order; `not-judged` for those that only a model can decide */
  check(answer: CheckedAnswer, checks: readonly Check[]): Promise<readonly Finding[]>;
}
