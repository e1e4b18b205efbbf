/** Sotto as a person or a screen reader finds it: by the accessible names that design.md promises. */
import type { FileChooser, Locator, Page } from '@playwright/test';
import { expect } from './browsers/expect';

export const screens = ['Chat', 'Models', 'Documents', 'Benchmark', 'Lab', 'Privacy', 'Settings'] as const;
export type Screen = (typeof screens)[number];

const hashes: Record<Screen, string> = {
  Chat: '#/chat',
  Models: '#/models',
  Documents: '#/documents',
  Benchmark: '#/benchmark',
  Lab: '#/lab',
  Privacy: '#/privacy',
  Settings: '#/settings',
};

export class SottoPage {
  readonly message: Locator;
  readonly send: Locator;
  readonly stop: Locator;
  readonly conversation: Locator;
  readonly questions: Locator;
  readonly answers: Locator;
  readonly chats: Locator;

  constructor(readonly page: Page) {
    this.message = page.getByRole('textbox', { name: 'Message', exact: true });
    this.send = this.button('Send');
    this.stop = this.button('Stop');
    this.conversation = page.getByRole('log', { name: 'Conversation' });
    this.questions = page.getByRole('article', { name: 'Your message' });
    this.answers = page.getByRole('article', { name: 'Answer' });
    this.chats = page.getByRole('list', { name: 'Chats' });
  }

  button(name: string, within: Page | Locator = this.page): Locator {
    return within.getByRole('button', { name, exact: true });
  }

  /** The answer that was written last. */
  get answer(): Locator {
    return this.answers.last();
  }

  /** The entry of a conversation in the list; its accessible name begins with the title. */
  chat(title: string | RegExp): Locator {
    return this.chats.getByRole('listitem').filter({ hasText: title });
  }

  async open(screen: Screen = 'Chat'): Promise<void> {
    await this.page.goto(`/${hashes[screen]}`);
    if (screen === 'Chat') await expect(this.message).toBeVisible();
    else await expect(this.page.getByRole('heading', { level: 1, name: screen })).toBeVisible();
  }

  /** Until the copy for use without a network is whole. Ends on the Settings screen. */
  async untilOffline(): Promise<void> {
    await this.goTo('Settings');
    await expect(this.page.getByText('Sotto works offline')).toBeVisible({ timeout: 30_000 });
  }

  async goTo(screen: Screen): Promise<void> {
    await this.page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: screen, exact: true }).click();
  }

  /** Chooses a command of the menu beside the message box. */
  async chooseBesideMessage(command: string): Promise<void> {
    await this.button('Add files and more').click();
    await this.page.getByRole('menuitem', { name: command }).click();
  }

  /** Resolves with the browser's own dialog for files, which the menu beside the message box has opened. */
  async fileChooser(): Promise<FileChooser> {
    const [chooser] = await Promise.all([this.page.waitForEvent('filechooser'), this.chooseBesideMessage('Add files')]);
    return chooser;
  }

  /** Chooses a command of the menu that belongs to a conversation in the list. */
  async chooseForChat(title: string | RegExp, command: string): Promise<void> {
    await this.chat(title).getByRole('button').click();
    await this.page.getByRole('menuitem', { name: command, exact: true }).click();
  }

  /** Opens a model file through "Add a model", as if it had been picked in the browser's own dialog. */
  async openFile(path: string): Promise<void> {
    await this.goTo('Models');
    await this.button('Add a model').click();
    const [chooser] = await Promise.all([this.page.waitForEvent('filechooser'), this.button('Open a file').click()]);
    await chooser.setFiles(path);
  }

  /** Opens a model file and takes it for the chat. */
  async useFile(path: string, name: string): Promise<void> {
    await this.openFile(path);
    await this.use(name);
  }

  /** Takes a model for the chat as soon as it is whole. */
  async use(name: string): Promise<void> {
    if (!this.page.url().includes('#/models')) await this.goTo('Models');
    await this.button('Use', this.page.getByRole('article', { name, exact: true })).click();
    await expect(this.button('Model')).toContainText(name);
  }

  /** Lets models come from another host than the hub. On the Settings screen. */
  async useModelHost(origin: string): Promise<void> {
    await this.page.getByRole('textbox', { name: 'Model host' }).fill(origin);
    await this.button('Use this host').click();
    await expect(this.page.getByText(`Models now come from ${new URL(origin).host}.`)).toBeVisible();
  }

  /** Asks for the model at an address, on the Models screen. @returns the dialog, with the answer when there is one */
  async askForModel(address: string): Promise<Locator> {
    await this.button('Add a model').click();
    const dialog = this.page.getByRole('dialog');
    await dialog.getByRole('textbox', { name: 'Model URL' }).fill(address);
    await this.button('Add', dialog).click();
    await expect(this.button('Cancel', dialog)).toHaveCount(0);
    return dialog;
  }

  async chooseModel(name: string): Promise<void> {
    await this.button('Model').click();
    await this.page.getByRole('menuitemradio', { name }).click();
  }

  /** Deletes all that is stored; resolves when the app has been started anew. */
  async deleteEverything(): Promise<void> {
    await this.goTo('Privacy');
    await this.button('Delete everything').click();
    const dialog = this.page.getByRole('dialog').or(this.page.getByRole('alertdialog'));
    await this.button('Delete all data', dialog).click();
    await expect(this.page.getByRole('heading', { name: 'Everything was deleted' })).toBeVisible();
    const reloaded = this.page.waitForEvent('load');
    await this.button('Start over').click();
    await reloaded;
  }

  /** Leaves the chat for a new one; resolves when nothing of the old one is there: `ask` counts answers. */
  async newChat(): Promise<void> {
    await this.button('New chat').first().click();
    await expect(this.answers).toHaveCount(0);
  }

  /** Sends a message and returns when its answer has begun. */
  async ask(text: string): Promise<void> {
    await this.#opened();
    const before = await this.answers.count();
    await this.message.fill(text);
    await this.send.click();
    await expect(this.answers).toHaveCount(before + 1);
  }

  /** Until the chat is there with all its messages: while another screen is left, or a chat is read, there are none to count. */
  async #opened(): Promise<void> {
    await expect(this.message).toBeVisible();
    const messages = this.page.locator('.opening');
    await expect(this.page.locator('.opening[aria-busy="true"]')).toHaveCount(0);
    if ((await messages.count()) > 0) await expect(this.questions.first()).toBeVisible();
  }

  /** Presses Stop; resolves with the ms until the answer has ended. Timed in the page: the driver's own delays are not Sotto's. */
  stopAndTime(): Promise<number> {
    return this.page.evaluate(
      () =>
        new Promise<number>((resolve, reject) => {
          const answer = document.querySelector('article[aria-busy="true"]');
          const stop = document.querySelector<HTMLButtonElement>('button[aria-label="Stop"]');
          if (!answer || !stop) return reject(new Error('nothing is being written'));
          const pressedAt = performance.now();
          new MutationObserver(() => {
            if (answer.getAttribute('aria-busy') !== 'true') resolve(performance.now() - pressedAt);
          }).observe(answer, { attributes: true });
          stop.click();
        }),
    );
  }

  async whole(): Promise<void> {
    await expect(this.answer).not.toHaveAttribute('aria-busy', 'true', { timeout: 90_000 });
    await expect(this.send).toBeVisible();
    // Until the renderer has been loaded, a text is shown plain.
    await expect(this.answer.locator('.plain')).toHaveCount(0);
  }

  /** Sends a message and resolves with the text of the whole answer. */
  async answerTo(text: string): Promise<string> {
    await this.ask(text);
    await this.whole();
    return this.answer.innerText();
  }

  /** Runs the self-test on the Privacy screen. @returns each attempt: the thread it came from, and its outcome */
  async selfTest(origin: string): Promise<readonly (readonly [string, string])[]> {
    const { page } = this;
    await page.getByRole('textbox', { name: 'Target host' }).fill(origin);
    await this.button('Run self-test').click();
    await expect(page.getByText(/\d+ of \d+ attempts were blocked\. Nothing got out\./)).toBeVisible({
      timeout: 60_000,
    });
    const rows = page.getByRole('table', { name: 'Self-test' }).getByRole('row');
    return rows.evaluateAll((all) =>
      all.map((row) => [row.firstElementChild?.textContent ?? '', row.getAttribute('data-outcome') ?? ''] as const),
    );
  }
}
