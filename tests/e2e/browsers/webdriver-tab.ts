/** A tab by the commands of W3C WebDriver, however they reach the browser. */
import type { InputSource, RemoteTab } from './remote-tab';

/** The commands that are used, by their names in the standard, and what each takes. */
export interface Commands {
  readonly Navigate: { readonly url: string };
  readonly ExecuteScript: { readonly script: string; readonly args: readonly unknown[] };
  readonly PerformActions: { readonly actions: readonly InputSource[] };
  readonly GetWindowHandle: null;
  readonly NewWindow: { readonly type: 'window' };
  readonly SwitchToWindow: { readonly handle: string };
  readonly CloseWindow: null;
  readonly TakeScreenshot: null;
  readonly SetTimeouts: { readonly script: number; readonly pageLoad: number };
}

export type Send = <Name extends keyof Commands>(name: Name, parameters: Commands[Name]) => Promise<unknown>;

/** A slow answer of a model is waited for by looking again, never inside of one command. */
const timeouts = { script: 120_000, pageLoad: 60_000 } as const;

export class WebDriverTab implements RemoteTab {
  url = 'about:blank';

  private constructor(
    private readonly send: Send,
    private readonly handle: string,
  ) {}

  /** @param firstWindow one that is never closed: a new tab is opened from another, and the last that was used may be gone */
  static async open(send: Send, firstWindow: string): Promise<WebDriverTab> {
    await send('SwitchToWindow', { handle: firstWindow });
    await send('SetTimeouts', timeouts);
    // A tab in the background is never drawn.
    const { handle } = (await send('NewWindow', { type: 'window' })) as { readonly handle: string };
    return new WebDriverTab(send, handle);
  }

  async navigate(url: string): Promise<void> {
    await this.#here('Navigate', { url });
  }

  async evaluate(expression: string, limitMs: number = timeouts.script): Promise<unknown> {
    // As text, since not every value survives the protocol. Firefox runs scripts in a global of their own before the page's.
    const script = `return (async (globalThis) => JSON.stringify((await (${expression})) ?? null))(window)`;
    return JSON.parse(String(await within(limitMs, this.#here('ExecuteScript', { script, args: [] }))));
  }

  async perform(actions: readonly InputSource[]): Promise<void> {
    await this.#here('PerformActions', { actions });
  }

  async screenshot(): Promise<Buffer> {
    return Buffer.from(String(await this.#here('TakeScreenshot', null)), 'base64');
  }

  async close(): Promise<void> {
    await this.#here('CloseWindow', null);
  }

  /** Commands go to the window that was switched to last. */
  async #here<Name extends keyof Commands>(name: Name, parameters: Commands[Name]): Promise<unknown> {
    await this.send('SwitchToWindow', { handle: this.handle });
    return this.send(name, parameters);
  }
}

async function within<T>(limitMs: number, answer: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${limitMs} ms`)), limitMs);
  });
  return Promise.race([answer, limit]).finally(() => clearTimeout(timer));
}
