/** The app as a scene finds its way through it: by the words of the language that it is shown in. */
import type { Locator, Page } from '@playwright/test';
import en from '../../src/text/messages/en.json' with { type: 'json' };
import zh from '../../src/text/messages/zh-CN.json' with { type: 'json' };

export type Language = 'en' | 'zh-CN';
type Word = keyof typeof en & keyof typeof zh;

export class ShownApp {
  constructor(
    readonly page: Page,
    private readonly origin: string,
    readonly language: Language,
    readonly phone: boolean,
  ) {}

  /** A message as it stands in the file of the language. */
  word(key: Word): string {
    const text: unknown = (this.language === 'en' ? en : zh)[key];
    return String(text);
  }

  button(key: Word): Locator {
    return this.page.getByRole('button', { name: this.word(key), exact: true });
  }

  async open(hash: string): Promise<void> {
    await this.page.goto(`${this.origin}/#/${hash}`);
    await this.page.locator('#main h1, #main textarea').first().waitFor();
  }

  /** Long enough for what a screen reads from the device; nothing tells when that is done. */
  async settle(ms = 1500): Promise<void> {
    await this.page.waitForTimeout(ms);
  }

  async ask(question: string): Promise<void> {
    const answers = this.page.getByRole('article', { name: this.word('answer'), exact: true });
    const before = await answers.count();
    await this.page.getByRole('textbox', { name: this.word('message'), exact: true }).fill(question);
    await this.button('send').click();
    await answers.nth(before).waitFor();
    await this.page.locator('article[aria-busy="true"]').waitFor({ state: 'detached', timeout: 60_000 });
    // The renderer comes after the first answer.
    await this.settle(700);
  }

  /** A picture of all of it: the screens scroll in themselves, so the window is made as high as what it shows. */
  async unroll(path: string): Promise<void> {
    const size = this.page.viewportSize();
    const { before, height } = await this.page.evaluate(() => {
      const main = document.querySelector('#main');
      return { before: innerHeight, height: innerHeight + (main ? main.scrollHeight - main.clientHeight : 0) };
    });
    if (!size || height <= before) return;
    await this.page.setViewportSize({ width: size.width, height: Math.min(height, 6000) });
    await this.settle(300);
    await this.page.screenshot({ path });
  }
}
