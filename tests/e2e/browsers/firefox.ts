/**
 * Firefox as it comes from Mozilla or Debian, by Marionette, the protocol under its WebDriver. (Playwright drives only builds
 * of its own; and WebDriver BiDi watches every worker from its start, under which workers of workers hang now and then.)
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';
import type { RemoteBrowser, RemoteTab } from './remote-tab';
import { type Send, WebDriverTab } from './webdriver-tab';

/** A cold start on a busy machine, in ms. */
const startLimitMs = 60_000;

/** Firefox would otherwise look for updates, for a captive portal and for things to recommend. */
const preferences = {
  'marionette.port': 0,
  'devtools.console.stdout.content': true,
  'app.update.enabled': false,
  'app.normandy.enabled': false,
  'browser.aboutwelcome.enabled': false,
  'browser.newtabpage.enabled': false,
  'browser.shell.checkDefaultBrowser': false,
  'browser.startup.page': 0,
  'datareporting.policy.dataSubmissionEnabled': false,
  'extensions.systemAddon.update.enabled': false,
  'network.captive-portal-service.enabled': false,
  'network.connectivity-service.enabled': false,
  'toolkit.telemetry.enabled': false,
};

type Answer = readonly [type: 1, id: number, error: { readonly message: string } | null, result: unknown];

/** One connection: each message is its length, a colon, and JSON. */
class Marionette {
  readonly #waiting = new Map<number, { resolve(result: unknown): void; reject(error: Error): void }>();
  #lastId = 0;
  #received = Buffer.alloc(0);
  #greeted = false;

  private constructor(private readonly socket: Socket) {
    socket.on('data', (data) => {
      this.#received = Buffer.concat([this.#received, data]);
      this.#read();
    });
    socket.on('close', () => {
      for (const { reject } of this.#waiting.values()) reject(new Error('Firefox closed the connection'));
    });
  }

  static async open(port: number): Promise<Marionette> {
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'connect');
    return new Marionette(socket);
  }

  readonly send: Send = (name, parameters) => this.command(name, parameters ?? {});

  async command(name: string, parameters: object): Promise<unknown> {
    this.#lastId += 1;
    const id = this.#lastId;
    const answer = new Promise<unknown>((resolve, reject) => this.#waiting.set(id, { resolve, reject }));
    const text = JSON.stringify([0, id, `WebDriver:${name}`, parameters]);
    this.socket.write(`${Buffer.byteLength(text)}:${text}`);
    const result = (await answer) as { readonly value?: unknown } | null;
    return result !== null && 'value' in result ? result.value : result;
  }

  close(): void {
    this.socket.destroy();
  }

  #read(): void {
    for (;;) {
      const colon = this.#received.indexOf(':');
      const end = colon + 1 + Number(this.#received.subarray(0, Math.max(0, colon)).toString());
      if (colon < 0 || this.#received.length < end) return;
      const message: unknown = JSON.parse(this.#received.subarray(colon + 1, end).toString());
      this.#received = this.#received.subarray(end);
      // The first message tells who is there.
      if (this.#greeted) this.#hear(message as Answer);
      this.#greeted = true;
    }
  }

  #hear([, id, error, result]: Answer): void {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (error) waiting?.reject(new Error(error.message));
    else waiting?.resolve(result);
  }
}

export class Firefox implements RemoteBrowser {
  onComplaint: (text: string) => void = () => undefined;

  private constructor(
    private readonly process: ChildProcess,
    private readonly profile: string,
    private readonly marionette: Marionette,
    private readonly firstWindow: string,
  ) {}

  static async start(executable: string): Promise<Firefox> {
    const profile = await mkdtemp(join(tmpdir(), 'sotto-firefox-'));
    const lines = Object.entries(preferences).map(
      ([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});`,
    );
    await writeFile(join(profile, 'user.js'), lines.join('\n'));
    const args = ['--headless', '--no-remote', '--profile', profile, '--marionette'];
    const child = spawn(executable, args, { stdio: ['ignore', 'pipe', 'ignore'] });
    const marionette = await Marionette.open(await marionettePort(profile));
    await marionette.command('NewSession', { capabilities: {} });
    const firefox = new Firefox(child, profile, marionette, String(await marionette.send('GetWindowHandle', null)));
    if (child.stdout) void firefox.#listen(child.stdout);
    return firefox;
  }

  newTab(): Promise<RemoteTab> {
    return WebDriverTab.open(this.marionette.send, this.firstWindow);
  }

  async close(): Promise<void> {
    this.marionette.close();
    const gone = once(this.process, 'exit');
    this.process.kill();
    await gone;
    await rm(this.profile, { recursive: true, force: true });
  }

  async #listen(output: NodeJS.ReadableStream): Promise<void> {
    for await (const line of createInterface({ input: output }))
      // What Firefox's own parts complain of begins with their name.
      if (/^console\.error: (?!\w+: )/.test(line)) this.onComplaint(line);
  }
}

/** Firefox writes down which port it took. */
async function marionettePort(profile: string): Promise<number> {
  const deadline = Date.now() + startLimitMs;
  for (;;) {
    const text = await readFile(join(profile, 'MarionetteActivePort'), 'utf8').catch(() => '');
    if (text !== '') return Number(text);
    if (Date.now() > deadline) throw new Error('Firefox did not tell its port');
    await wait(100);
  }
}
