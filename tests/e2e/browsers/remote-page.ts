/** Playwright's page and context, as far as the specs for all browsers use them, for browsers that Playwright cannot drive. */
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { callAgent } from './agent-calls';
import type { FrontDoor } from './front-door';
import { press, type } from './input-actions';
import { lookAgainMs, patienceMs, RemoteScope } from './remote-locator';
import type { RemoteBrowser, RemoteTab } from './remote-tab';

interface FilePayload {
  readonly name: string;
  readonly mimeType: string;
  readonly buffer: Buffer;
}

type FileChoice = string | FilePayload;

export interface RemoteFileChooser {
  setFiles(files: FileChoice | readonly FileChoice[]): Promise<void>;
}

export interface RemoteDownload {
  path(): Promise<string>;
  suggestedFilename(): string;
}

/** A question to a page that is going away is given up after this long, in ms, and asked again. */
const lookLimitMs = 3000;

async function until<T>(what: string, look: () => Promise<T | null>): Promise<T> {
  const deadline = Date.now() + patienceMs;
  for (;;) {
    const found = await look();
    if (found !== null) return found;
    if (Date.now() > deadline) throw new Error(`${what} did not come`);
    await wait(lookAgainMs);
  }
}

export class RemotePage extends RemoteScope {
  readonly keyboard = {
    press: (chord: string): Promise<void> => this.tab.perform(press(chord)),
    type: (text: string): Promise<void> => this.tab.perform(type(text)),
  };

  constructor(
    tab: RemoteTab,
    private readonly door: FrontDoor,
  ) {
    super(tab);
  }

  /** @param address relative to where the app is served, or absolute */
  async goto(address: string): Promise<void> {
    const url = new URL(address, this.door.origin).href;
    const [before, after] = [this.tab.url, url].map((text) => text.split('#', 1)[0]);
    // The protocols wait for a load that a change of the fragment alone never brings.
    if (before === after) await this.tab.evaluate(`void (location.href = ${JSON.stringify(url)})`);
    else await this.tab.navigate(url);
    this.tab.url = url;
  }

  async reload(): Promise<void> {
    await this.#reloaded(() => this.tab.evaluate('void setTimeout(() => location.reload())'));
  }

  url(): string {
    return this.tab.url;
  }

  addInitScript<Argument>(script: (argument: Argument) => void, argument: Argument): Promise<void> {
    return this.door.addInitScript(script, argument);
  }

  /** @param work a function, or a script that is run for what it does */
  async evaluate<Result, Argument>(
    work: string | ((argument: Argument) => Result | Promise<Result>),
    argument?: Argument,
  ): Promise<Result> {
    const call =
      typeof work === 'string'
        ? `(() => { ${work}\n })()`
        : `(${work.toString()})(${JSON.stringify(argument ?? null)})`;
    return (await this.tab.evaluate(call)) as Result;
  }

  content(): Promise<string> {
    return this.tab.evaluate('document.documentElement.outerHTML') as Promise<string>;
  }

  waitForTimeout(ms: number): Promise<void> {
    return wait(ms);
  }

  /** `filechooser`, `download` and `load`. To be called before what brings them about, as with Playwright. */
  async waitForEvent(event: 'filechooser' | 'download' | 'load'): Promise<RemoteFileChooser | RemoteDownload | null> {
    if (event === 'load') return this.#reloaded(() => Promise.resolve());
    return event === 'filechooser' ? this.#chooser() : this.#download();
  }

  async close(): Promise<void> {
    await this.tab.close();
  }

  /** Marks the page that is there now, and waits until another one has loaded in its place. */
  async #reloaded(begin: () => Promise<unknown>): Promise<null> {
    await this.tab.evaluate('void (globalThis.isBefore = true)');
    await begin();
    await until('a load', async () => {
      const arrived = await this.tab
        .evaluate(`!globalThis.isBefore && document.readyState === 'complete'`, lookLimitMs)
        .catch(() => false);
      return arrived === true ? true : null;
    });
    return null;
  }

  async #chooser(): Promise<RemoteFileChooser> {
    await callAgent(this.tab, 'catchChooser');
    await until('a file chooser', async () => ((await callAgent(this.tab, 'hasChooser')) ? true : null));
    return {
      setFiles: async (files) => {
        const chosen = await Promise.all(
          [files].flat().map(async (file: FileChoice) => {
            const { name, mimeType, buffer } =
              typeof file === 'string' ? { name: basename(file), mimeType: '', buffer: await readFile(file) } : file;
            return { name, mimeType, base64: buffer.toString('base64') };
          }),
        );
        await callAgent(this.tab, 'choose', chosen);
      },
    };
  }

  async #download(): Promise<RemoteDownload> {
    await callAgent(this.tab, 'catchDownload');
    const { name, base64 } = await until('a download', () => callAgent(this.tab, 'download'));
    return {
      suggestedFilename: () => name,
      path: async () => {
        const path = join(await mkdtemp(join(tmpdir(), 'sotto-download-')), name);
        await writeFile(path, Buffer.from(base64, 'base64'));
        return path;
      },
    };
  }
}

/** The tabs of one test. */
export class RemoteContext {
  readonly #pages: RemotePage[] = [];

  constructor(
    private readonly browser: RemoteBrowser,
    readonly door: FrontDoor,
  ) {}

  async newPage(): Promise<RemotePage> {
    const page = new RemotePage(await this.browser.newTab(), this.door);
    this.#pages.push(page);
    return page;
  }

  addInitScript<Argument>(script: (argument: Argument) => void, argument: Argument): Promise<void> {
    return this.door.addInitScript(script, argument);
  }

  setOffline(offline: boolean): Promise<void> {
    this.door.isShut = offline;
    return Promise.resolve();
  }

  /** Of each tab that is still open. */
  async screenshots(): Promise<readonly Buffer[]> {
    const shots = await Promise.allSettled(this.#pages.map(({ tab }) => tab.screenshot()));
    return shots.flatMap((shot) => (shot.status === 'fulfilled' ? [shot.value] : []));
  }

  async close(): Promise<void> {
    for (const page of this.#pages) await page.close().catch(() => undefined);
  }
}
