/** The app's own engine worker with nothing around it, in a tab of any browser that can be driven. */
import type { EngineApi } from '../../src/shared/protocol/engine-api';
import type { Result } from '../../src/shared/protocol/failure';
import { startInPage } from './bare-engine';

/** Between two looks whether a call has ended, in ms. Each costs the page some microseconds. */
const lookMs = 200;

declare global {
  /** Inside the page: what the last call came to. */
  var engineTabResult: Result<unknown> | null;
}

interface EvaluatingTab {
  navigate(url: string): Promise<void>;
  evaluate(expression: string): Promise<unknown>;
}

export class EngineTab {
  private constructor(private readonly tab: EvaluatingTab) {}

  /** @param page an empty page of the worker's origin @param worker path of the engine worker */
  static async open(tab: EvaluatingTab, page: string, worker: string): Promise<EngineTab> {
    await tab.navigate(page);
    await tab.evaluate(`(${startInPage.toString()})(${JSON.stringify(worker)}) ?? null`);
    return new EngineTab(tab);
  }

  /** A call of the engine worker. @throws Error with the failure, where it fails */
  call<T>(name: keyof EngineApi, ...given: unknown[]): Promise<T> {
    const list = [name, ...given].map((value) => JSON.stringify(value)).join(', ');
    return this.until(`globalThis.callBareEngine(${list})`);
  }

  /**
   * Browsers end a script that takes minutes: so it is begun, and looked after.
   * @param promise an expression for the promise of a `Result`
   */
  async until<T>(promise: string): Promise<T> {
    await this.tab.evaluate(`(() => {
      globalThis.engineTabResult = null;
      ${promise}.then(
        (result) => (globalThis.engineTabResult = result),
        (error) => (globalThis.engineTabResult = { ok: false, failure: { kind: 'engine-crashed', technical: String(error) } }),
      );
      return null;
    })()`);
    for (;;) {
      const result = (await this.tab.evaluate('globalThis.engineTabResult')) as Result<T> | null;
      if (result !== null) {
        if (!result.ok) throw new Error(`${result.failure.kind}: ${result.failure.technical}`);
        return result.value;
      }
      await new Promise((resolve) => setTimeout(resolve, lookMs));
    }
  }

  evaluate(expression: string): Promise<unknown> {
    return this.tab.evaluate(expression);
  }
}
