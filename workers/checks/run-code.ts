/** Checks that run code; loaded with its engine when one is first asked for. */
import type { CheckedAnswer, CodeCall, Finding } from '../../src/shared/domain/lab/check';
import { cutText } from '../../src/shared/domain/cut-text';
import { codeBlock, type CodeBlock } from './code-block';
import { CodeEngine } from './code-engine';
import { isSame, shown, type CodeResult } from './code-result';
import { failed, passed, passedIf, undecided } from './finding';
import { CodeTrouble, type Sandbox } from './sandbox';
import { plainScript } from './strip-types';

const identifier = /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u;

/** "add(1, 2) → -1 ≠ 3" needs no translation. Each part is cut, so that all three can be seen. */
const callText = (name: string, { arguments: given }: CodeCall): string =>
  `${name}(${cutText(given.map((value) => JSON.stringify(value)).join(', '), 180)})`;

export class CodeRunner {
  readonly #engine: CodeEngine;

  /** @param compiled QuickJS */
  constructor(compiled: WebAssembly.Module) {
    this.#engine = new CodeEngine(compiled);
  }

  prepare(): Promise<void> {
    return this.#engine.prepare();
  }

  /** What the function of the answer's first code block returns, against what it should. */
  async checkFunction(text: string, name: string, calls: readonly CodeCall[]): Promise<Finding> {
    if (!identifier.test(name)) return undecided('check-broke', name);
    const block = codeBlock(text, name);
    if (block === null || block.code.trim() === '') return failed('no-code');
    try {
      return await this.#withBlock(block, (sandbox) => findingOfCalls(sandbox, name, calls));
    } catch (error) {
      if (error instanceof CodeTrouble) return failed(error.reason, error.message);
      throw error;
    }
  }

  /**
   * A condition in JavaScript, as promptfoo has it: an expression, or a body with `return`; true or false, a number above 0, or an object
   * with `pass`. One that throws has failed. One that cannot be read, does not end, or returns something else says nothing of the answer.
   */
  async checkCondition({ text, prompt, variables }: CheckedAnswer, code: string): Promise<Finding> {
    const given = JSON.stringify([text, { vars: variables, prompt }]);
    try {
      return findingOfResult(await this.#engine.use((sandbox) => sandbox.call(conditionOf(sandbox, code), given)));
    } catch (error) {
      if (!(error instanceof CodeTrouble)) throw error;
      const isAnswer = error.reason === 'code-error' && !error.isSyntax;
      return isAnswer ? failed(error.reason, error.message) : undecided(error.reason, error.message);
    }
  }

  /** Plain JavaScript runs as it is; what cannot be read so may be a module, or have types all the same. */
  async #withBlock<Result>({ code, isTypeScript }: CodeBlock, work: (sandbox: Sandbox) => Result): Promise<Result> {
    const run = (script: string): Promise<Result> =>
      this.#engine.use((sandbox) => {
        sandbox.run(script);
        return work(sandbox);
      });
    if (isTypeScript) return run(plainScript(code));
    try {
      return await run(code);
    } catch (error) {
      if (!(error instanceof CodeTrouble && error.isSyntax)) throw error;
      return run(plainScript(code));
    }
  }
}

function findingOfCalls(sandbox: Sandbox, name: string, calls: readonly CodeCall[]): Finding {
  const found = sandbox.find(name);
  if (found === null) return failed('code-error', `ReferenceError: ${name} is not a function`);
  for (const call of calls) {
    let result: CodeResult;
    try {
      result = sandbox.call(found, JSON.stringify(call.arguments));
    } catch (error) {
      if (!(error instanceof CodeTrouble)) throw error;
      return failed(error.reason, [callText(name, call), error.message].filter((part) => part !== '').join(': '));
    }
    if (!isSame(result, call.result)) {
      const wanted = cutText(JSON.stringify(call.result), 130);
      return failed('wrong-result', `${callText(name, call)} → ${cutText(shown(result), 130)} ≠ ${wanted}`);
    }
  }
  return passed();
}

/** @throws CodeTrouble for what is neither an expression nor a body */
function conditionOf(sandbox: Sandbox, code: string): ReturnType<Sandbox['functionOf']> {
  const plain = code.trim().replace(/;+$/, '');
  try {
    return sandbox.functionOf(`(async (output, context) => (${plain}\n))`);
  } catch (error) {
    if (!(error instanceof CodeTrouble && error.isSyntax)) throw error;
    return sandbox.functionOf(`(async (output, context) => {${plain}\n})`);
  }
}

const plainValue = (result: CodeResult | undefined): unknown => (result?.kind === 'plain' ? result.value : undefined);

function findingOfResult(result: CodeResult): Finding {
  const value = plainValue(result);
  if (typeof value === 'boolean') return passedIf(value, 'no-match');
  if (typeof value === 'number') return passedIf(value > 0, 'no-match', String(value));
  if (result.kind === 'odd' && /^(NaN|-?Infinity)$/.test(result.word))
    return passedIf(result.word === 'Infinity', 'no-match', result.word);
  if (result.kind === 'record') {
    const fields = new Map(result.entries);
    const [pass, score, reason] = ['pass', 'score', 'reason'].map((name) => plainValue(fields.get(name)));
    const words = typeof reason === 'string' ? reason : undefined;
    if (typeof pass === 'boolean') return passedIf(pass, 'no-match', words);
    if (typeof score === 'number') return passedIf(score > 0, 'no-match', words);
  }
  return undecided('code-error', `→ ${shown(result)}`);
}
