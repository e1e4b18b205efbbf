/** The app in a browser that can be closed and opened again with all it has stored. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, expect, type BrowserContext } from '@playwright/test';
import { chromiumFlags, findChromium } from '../../tools/browser/find-browsers';
import { SottoPage } from './sotto-page';
import { watch, Watch } from './test';

export class InstalledApp {
  readonly watched = new Watch();
  #context: BrowserContext | null = null;

  private constructor(
    private readonly profile: string,
    readonly address: string,
  ) {}

  /** @param address of the app, with "/" at its end */
  static async create(address: string): Promise<InstalledApp> {
    return new InstalledApp(await mkdtemp(join(tmpdir(), 'sotto-installed-')), address);
  }

  get context(): BrowserContext {
    if (!this.#context) throw new Error('the browser is closed');
    return this.#context;
  }

  /** Opens the browser and the app in it. @param hash of the first screen */
  async open(hash = '#/chat'): Promise<SottoPage> {
    this.#context = await chromium.launchPersistentContext(this.profile, {
      executablePath: findChromium(),
      args: chromiumFlags,
      serviceWorkers: 'allow',
    });
    await watch(this.#context, this.watched);
    const page = this.#context.pages()[0] ?? (await this.#context.newPage());
    await page.goto(this.address + hash);
    return new SottoPage(page);
  }

  async close(): Promise<void> {
    await this.#context?.close();
    this.#context = null;
  }

  /** Resolves when Settings tells that everything is on the device. Ends on that screen. */
  async stored(sotto: SottoPage): Promise<void> {
    await sotto.goTo('Settings');
    await expect(sotto.page.getByText('Sotto works offline')).toBeVisible({ timeout: 30_000 });
  }

  async remove(): Promise<void> {
    await this.close();
    await rm(this.profile, { recursive: true, force: true });
    expect(this.watched.complaints).toEqual([]);
  }
}
