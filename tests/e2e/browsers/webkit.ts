/**
 * WebKitGTK, the engine of Safari, by WebDriver. Its automated windows are private ones: so whatever passes here passes where
 * nothing may be stored on disk, and no Blob in a database.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { createServer, type AddressInfo } from 'node:net';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';
import type { RemoteBrowser, RemoteTab } from './remote-tab';
import { type Commands, type Send, WebDriverTab } from './webdriver-tab';

/** A cold start on a busy machine, in ms. */
const startLimitMs = 60_000;

type Method = 'GET' | 'POST' | 'DELETE';

/** Where each command lies below the address of the session. */
const endpoints: Readonly<Record<keyof Commands, readonly [Method, string]>> = {
  Navigate: ['POST', '/url'],
  ExecuteScript: ['POST', '/execute/sync'],
  PerformActions: ['POST', '/actions'],
  GetWindowHandle: ['GET', '/window'],
  NewWindow: ['POST', '/window/new'],
  SwitchToWindow: ['POST', '/window'],
  CloseWindow: ['DELETE', '/window'],
  TakeScreenshot: ['GET', '/screenshot'],
  SetTimeouts: ['POST', '/timeouts'],
};

async function ask(method: Method, address: string, body: object | null): Promise<unknown> {
  const response = await fetch(address, { method, ...(body && { body: JSON.stringify(body) }) });
  const { value } = (await response.json()) as { readonly value: unknown };
  if (response.ok) return value;
  const { error, message } = value as { readonly error: string; readonly message: string };
  throw new Error(`WebKit: ${error}: ${message} (${method} ${address})`);
}

export class WebKit implements RemoteBrowser {
  onComplaint: (text: string) => void = () => undefined;

  private constructor(
    private readonly process: ChildProcess,
    private readonly session: string,
    private readonly send: Send,
    private readonly firstWindow: string,
  ) {}

  /** @param miniBrowser the window around WebKitGTK that comes with it */
  static async start(miniBrowser: string): Promise<WebKit> {
    const port = await freePort();
    // WebKitGTK has no headless mode.
    const child = spawn('xvfb-run', ['--auto-servernum', 'WebKitWebDriver', `--port=${port}`], {
      // A process group of its own, so that display and browser end with it.
      detached: true,
      stdio: ['ignore', 'pipe', 'ignore'],
      env: {
        ...process.env,
        // Its sandbox does not start for root.
        WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: '1',
        // Safari lets threads of an isolated page share memory. WebKitGTK has it and leaves it switched off, whatever the page is.
        JSC_useSharedArrayBuffer: '1',
        LIBGL_ALWAYS_SOFTWARE: '1',
      },
    });
    const driver = `http://127.0.0.1:${port}`;
    const { sessionId } = await untilStarted(driver, {
      binary: miniBrowser,
      args: ['--automation', '--enable-write-console-messages-to-stdout=true'],
    });
    const session = `${driver}/session/${sessionId}`;
    const send: Send = (name, parameters) => {
      const [method, path] = endpoints[name];
      return ask(method, session + path, parameters);
    };
    const webkit = new WebKit(child, session, send, String(await send('GetWindowHandle', null)));
    if (child.stdout) void webkit.#listen(child.stdout);
    return webkit;
  }

  newTab(): Promise<RemoteTab> {
    return WebDriverTab.open(this.send, this.firstWindow);
  }

  async close(): Promise<void> {
    await ask('DELETE', this.session, null).catch(() => undefined);
    if (this.process.pid !== undefined) process.kill(-this.process.pid);
  }

  async #listen(output: NodeJS.ReadableStream): Promise<void> {
    for await (const line of createInterface({ input: output }))
      if (/^CONSOLE \S+ ERROR/.test(line)) this.onComplaint(line);
  }
}

async function untilStarted(driver: string, options: object): Promise<{ readonly sessionId: string }> {
  const deadline = Date.now() + startLimitMs;
  for (;;) {
    try {
      const capabilities = { alwaysMatch: { 'webkitgtk:browserOptions': options } };
      return (await ask('POST', `${driver}/session`, { capabilities })) as { readonly sessionId: string };
    } catch (error) {
      // Refused while the driver does not listen yet; anything else is its answer.
      if (!(error instanceof TypeError) || Date.now() > deadline) throw error;
      await wait(200);
    }
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer();
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
