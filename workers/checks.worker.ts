/// <reference lib="webworker" />
/** Entry of the worker for checks: runs patterns and code of strangers, and is ended by the page when one does not end. */
import './restrict-scope';
import { expose } from 'comlink';
import { recordRequests } from '../src/shared/platform/record-requests';
import { RequestLog } from '../src/shared/platform/request-log';
import type { ChecksApi } from '../src/shared/protocol/checks';
import { answerSelfTest } from './answer-self-test';
import { checkAnswer } from './checks/check-answer';
import type { CodeRunner } from './checks/run-code';
import { loadPart } from './load-part';

recordRequests(new RequestLog('checks'));
answerSelfTest('checks');

let runner: CodeRunner | null = null;

const api: ChecksApi = {
  ready: () => Promise.resolve(),
  async prepareCode(quickJs) {
    try {
      const { CodeRunner } = await loadPart(() => import('./checks/run-code'));
      runner ??= new CodeRunner(quickJs);
      await runner.prepare();
      return true;
    } catch {
      return false;
    }
  },
  async check(answer, checks) {
    const findings = [];
    for (const check of checks) findings.push(await checkAnswer(answer, check, runner));
    return findings;
  },
};
expose(api);
