/** From nothing to an answer of a server of one's own, by what the screen says alone. */
import { startModelServer, type ModelServer } from '../fixtures/model-server/model-server';
import { everywhere, expect, test } from './test';

const model = 'qwen3:8b';
const words = ['Carried ', 'by ', 'my ', 'own ', 'server.'];

/** An Ollama that is stopped and started again, at the same address. */
class Ollama {
  #server: ModelServer | null = null;
  #port = 0;

  get host(): string {
    return `localhost:${this.#port}`;
  }

  /** Bodies of the questions that have come since it was started. */
  get asked(): readonly string[] {
    const questions = (this.#server?.log ?? []).filter(
      ({ path, method }) => path === '/v1/chat/completions' && method === 'POST',
    );
    return questions.map(({ body }) => JSON.stringify(body));
  }

  /** @param origins those that are let in, as `OLLAMA_ORIGINS` names them */
  async start(...origins: readonly string[]): Promise<void> {
    this.#server = await startModelServer({ kind: 'ollama', models: [model], answer: words, origins }, this.#port);
    this.#port = Number(new URL(this.#server.origin).port);
  }

  async stop(): Promise<void> {
    await this.#server?.close();
  }
}

test(
  'a server that lets no page in at first answers after what the screen says',
  everywhere,
  async ({ page, sotto, watched }) => {
    const ollama = new Ollama();
    await ollama.start();
    try {
      await sotto.open('Models');
      const section = page.getByRole('region', { name: 'Servers of your own' });
      await sotto.button('Add a server', section).click();
      const dialog = page.getByRole('dialog', { name: 'Add a server' });
      await dialog.getByRole('textbox', { name: 'Address' }).fill(ollama.host);
      await sotto.button('Check the connection', dialog).click();

      // Which of both it is, Safari does not tell; the line to copy is there in any case.
      const alert = dialog.getByRole('alert');
      await expect(alert).toContainText(/doesn’t let this page in|couldn’t be read/);
      const { origin } = new URL(page.url());
      await expect(dialog.getByText(`OLLAMA_ORIGINS="${origin}" ollama serve`)).toBeVisible();
      await expect(sotto.button('Add server', dialog)).toHaveCount(0);
      // The browser itself says on the console what it has withheld.
      watched.forgive(/CORS|Cross-Origin|access control|ERR_FAILED|403|Failed to load/i);
      await ollama.stop();
      await ollama.start(origin);

      await sotto.button('Check again', dialog).click();
      await expect(dialog.getByText('The connection works.')).toBeVisible();
      await expect(dialog).toContainText(`go to http://${ollama.host}/v1`);
      expect(JSON.parse(ollama.asked.at(-1) ?? '')).toMatchObject({ model, max_tokens: 1 });
      await sotto.button('Add server', dialog).click();

      const card = section.getByRole('article', { name: `Ollama · ${ollama.host}` });
      await expect(page.locator('article[data-server]:focus')).toHaveCount(1);
      await sotto.button(`Use ${model}`, card).click();
      // Said before the first message goes out.
      const notice = page.getByText(`Your words leave this browser for ${ollama.host}, on this computer.`, {
        exact: true,
      });
      await expect(notice).toBeVisible();
      expect(await sotto.answerTo('Who answers?')).toContain(words.join(''));
      expect(ollama.asked.at(-1)).toContain('Who answers?');

      // Switched off, it ends in words; the same chat goes on with a model of this device.
      await ollama.stop();
      await sotto.ask('And now?');
      await expect(sotto.answer).toContainText('The server doesn’t answer');
      watched.forgive(/ERR_CONNECTION_REFUSED|NetworkError|Could not connect|Failed to load/i);
      await sotto.chooseModel('Guide');
      await expect(notice).toHaveCount(0);
      expect(await sotto.answerTo('What is Sotto?')).not.toBe('');
      await ollama.start(origin);
      await sotto.chooseModel(`${model} · ${ollama.host}`);
      await sotto.answerTo('Back again?');

      // What went where, and how much of it; and a switch that keeps all words here.
      await sotto.goTo('Privacy');
      const kept = page.getByRole('region', { name: 'Servers of your own' });
      await expect(kept.getByRole('listitem')).toHaveText(`on this computer · ${ollama.host}`);
      const row = page.getByRole('row').filter({ hasText: '/v1/chat/completions' }).filter({ hasText: 'answered' });
      await expect(row.first()).toContainText(ollama.host);
      await expect(row.first()).toContainText('your words, to your server');
      await expect(row.first().getByRole('cell').nth(4)).toHaveText(/^\d+ bytes$/);
      await page.getByRole('textbox', { name: 'Target host' }).fill(`http://${ollama.host}`);
      await expect(page.getByText('You have added this server')).toBeVisible();
      await expect(sotto.button('Run self-test')).toBeDisabled();
      await kept.getByRole('checkbox', { name: 'Use only models on this device' }).check();
      const before = ollama.asked.length;
      await sotto.goTo('Chat');
      // Its model is the one in use, and loaded.
      await sotto.ask('Do you hear this?');
      await expect(sotto.answer).toContainText('Only on this device');
      expect(ollama.asked.length).toBe(before);

      // Nor does a check ask, as long as the switch is on. Removed with a way back; what answered before the server was there answers again.
      await sotto.goTo('Models');
      await expect(card.getByText('In use')).toBeVisible();
      await sotto.button('Check the connection', card).click();
      await expect(card.getByRole('alert')).toContainText('set to use only models on this device');
      expect(ollama.asked.length).toBe(before);
      await sotto.button('Remove', card).click();
      await expect(card).toHaveCount(0);
      await expect(page.locator('button:focus')).toContainText('Add a server');
      await sotto.button('Undo').click();
      await expect(page.locator('article[data-server]:focus')).toHaveCount(1);
      await expect(sotto.button(`Use ${model}`, card)).toBeVisible();
    } finally {
      await ollama.stop();
    }
  },
);
