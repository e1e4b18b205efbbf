/**
 * Runs code of strangers in QuickJS, an engine of its own in WebAssembly: nothing of the browser is in it, neither a network nor a timer,
 * and it ends itself at its limits. What it does not end, such as one long call within the engine, the page does.
 */
import {
  Scope,
  type QuickJSContext,
  type QuickJSHandle,
  type QuickJSRuntime,
  type QuickJSWASMModule,
} from 'quickjs-emscripten-core';
import type { FindingReason } from '../../src/shared/domain/lab/check';
import type { CodeResult } from './code-result';
import { prelude } from './sandbox-prelude';

/** For all that is run for one check together, in ms. */
const mostMs = 2000;
const mostBytes = 64 * 1024 * 1024;
/** About 1,500 calls deep. With more, the stack of the browser ends before that of the engine. */
const mostStackBytes = 256 * 1024;
/** Most jobs of promises between two looks at the clock. */
const jobsAtOnce = 100;
/** Most UTF-16 code units of a result. */
const longestResult = 4_000_000;

/** Why code came to no result. */
export class CodeTrouble extends Error {
  constructor(
    readonly reason: Extract<FindingReason, 'code-error' | 'code-endless' | 'code-memory'>,
    detail: string,
    /** The code was not read to its end; nothing of it has run. */
    readonly isSyntax = false,
  ) {
    super(detail);
  }
}

interface Ran {
  readonly value?: QuickJSHandle;
  readonly error?: QuickJSHandle | undefined;
}

/** One world for one check, with nothing in it from another. */
export class Sandbox {
  readonly #runtime: QuickJSRuntime;
  readonly #context: QuickJSContext;
  readonly #scope = new Scope();
  readonly #own: QuickJSHandle;
  readonly #deadline = performance.now() + mostMs;
  #isLate = false;

  /** The time for the code begins now. */
  constructor(engine: QuickJSWASMModule) {
    this.#runtime = engine.newRuntime();
    this.#runtime.setMemoryLimit(mostBytes);
    this.#runtime.setMaxStackSize(mostStackBytes);
    this.#runtime.setInterruptHandler(() => (this.#isLate = performance.now() > this.#deadline));
    this.#context = this.#runtime.newContext();
    this.#own = this.#run(prelude);
  }

  dispose(): void {
    this.#scope.dispose();
    this.#context.dispose();
    this.#runtime.dispose();
  }

  /** Runs a script. @throws CodeTrouble */
  run(code: string): void {
    this.#run(code);
  }

  /** The function of a name that the scripts have defined or exported; null where there is none. @param name an identifier */
  find(name: string): QuickJSHandle | null {
    const defined = this.#run(`(() => { try { return ${name}; } catch { return undefined; } })()`);
    if (this.#context.typeof(defined) === 'function') return defined;
    const exported = this.#call(this.#part('exported'), this.#text(name));
    return this.#context.typeof(exported) === 'function' ? exported : null;
  }

  /**
   * Calls a function and waits for what it promises.
   * @param given JSON of an array of arguments
   * @throws CodeTrouble
   */
  call(found: QuickJSHandle, given: string): CodeResult {
    const result = this.#settled(this.#call(this.#part('call'), found, this.#text(given)));
    const written = this.#call(this.#part('write'), result);
    if ((this.#context.getLength(written) ?? 0) > longestResult)
      throw new CodeTrouble('code-error', 'RangeError: the result is too large');
    return JSON.parse(this.#context.getString(written)) as CodeResult;
  }

  /** The function that an expression stands for. @throws CodeTrouble */
  functionOf(expression: string): QuickJSHandle {
    return this.#run(expression);
  }

  #run(code: string): QuickJSHandle {
    return this.#unwrapped(this.#context.evalCode(code, 'code.js', { type: 'global' }), true);
  }

  #call(found: QuickJSHandle, ...given: QuickJSHandle[]): QuickJSHandle {
    return this.#unwrapped(this.#context.callFunction(found, this.#context.undefined, ...given));
  }

  #part(name: string): QuickJSHandle {
    return this.#scope.manage(this.#context.getProp(this.#own, name));
  }

  #text(text: string): QuickJSHandle {
    return this.#scope.manage(this.#context.newString(text));
  }

  #unwrapped(result: Ran, isScript = false): QuickJSHandle {
    if (result.error) throw this.#trouble(this.#scope.manage(result.error), isScript);
    return result.value ? this.#scope.manage(result.value) : this.#context.undefined;
  }

  #settled(result: QuickJSHandle): QuickJSHandle {
    for (;;) {
      const state = this.#context.getPromiseState(result);
      if (state.type === 'fulfilled') return state.notAPromise ? result : this.#scope.manage(state.value);
      if (state.type === 'rejected') throw this.#trouble(this.#scope.manage(state.error));
      // Whatever would settle it, such as a timer, is not here.
      if (!this.#runtime.hasPendingJob()) throw new CodeTrouble('code-endless', 'Promise { <pending> }');
      const jobs = this.#runtime.executePendingJobs(jobsAtOnce);
      if (jobs.error) throw this.#trouble(this.#scope.manage(jobs.error));
      if (performance.now() > this.#deadline) throw new CodeTrouble('code-endless', '');
    }
  }

  /** @param isScript a script that cannot be read, unlike a text that it cannot read itself */
  #trouble(error: QuickJSHandle, isScript = false): CodeTrouble {
    if (this.#isLate) return new CodeTrouble('code-endless', '');
    const thrown: unknown = this.#context.dump(error);
    const { name, message } = (typeof thrown === 'object' && thrown !== null ? thrown : {}) as Record<string, unknown>;
    if (name === 'InternalError' && message === 'out of memory') return new CodeTrouble('code-memory', '');
    if (typeof name !== 'string')
      return new CodeTrouble('code-error', typeof thrown === 'string' ? thrown : JSON.stringify(thrown));
    return new CodeTrouble('code-error', `${name}: ${String(message)}`, isScript && name === 'SyntaxError');
  }
}
