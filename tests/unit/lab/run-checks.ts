import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Check, CheckedAnswer, Finding } from '../../../src/shared/domain/lab/check';
import { checkAnswer } from '../../../workers/checks/check-answer';
import type { CodeRunner } from '../../../workers/checks/run-code';

export const answerOf = (text: string, more: Partial<CheckedAnswer> = {}): CheckedAnswer => ({
  text,
  tokens: 10,
  totalMs: 1000,
  prompt: 'Question?',
  variables: {},
  ...more,
});

export const find = (text: string, check: Check, runner: CodeRunner | null = null): Promise<Finding> =>
  checkAnswer(answerOf(text), check, runner);

export const compiledQuickJs = (): Promise<WebAssembly.Module> =>
  WebAssembly.compile(readFileSync(createRequire(import.meta.url).resolve('@jitl/quickjs-wasmfile-release-sync/wasm')));
