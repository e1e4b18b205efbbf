/** From nothing to an answer of a server of one's own, by what the screen says alone. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { everywhere, expect, test } from './test';

const model = 'qwen3:8b';
const words = ['Carried ', 'by ', 'my ', 'own ', 'server.'];

/** As Ollama answers: pages that it was not told of get no word that they could read. */
class SmallOllama {
  #server: Server | null = null;
  #port = 0;
  /** Bodies of the questions that have come. */
  readonly asked: string[] = [];

  get host(): string {
    return `localhost:${this.#port}`;
  }

  /** @param origins those that are let in, as `OLLAMA_ORIGINS` names them */
  async start(...origins: readonly string[]): Promise<void> {
    const server = (this.#server = createServer((request, response) => void this.#answer(request, response, origins)));
    await new Promise<void>((resolve) => server.listen(this.#port, 'localhost', resolve));
    this.#port = (server.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    const server = this.#server;
    server?.closeAllConnections();
    await new Promise((resolve) => (server ? server.close(resolve) : resolve(null)));
  }

  async #answer(request: IncomingMessage, response: ServerResponse, origins: readonly string[]): Promise<void> {
    let body = '';
    for await (const piece of request) body += String(piece);
    const { origin } = request.headers;
    if (origin !== undefined && !origins.includes(origin)) return void response.writeHead(403).end();
    if (origin !== undefined) {
      response.setHeader('Access-Control-Allow-Origin', origin);
      response.setHeader('Access-Control-Allow-Headers', 'Authorization, Content-Type');
    }
    const route = `${request.method ?? ''} ${request.url ?? ''}`;
    if (request.method === 'OPTIONS') return void response.writeHead(204).end();
    if (route === 'GET /v1/models') return void response.end(JSON.stringify({ data: [{ id: model }] }));
    if (route === 'GET /api/ps') return void response.end(JSON.stringify({ models: [] }));
    if (route === 'POST /api/show') return void response.end(JSON.stringify({ parameters: 'num_ctx 8192' }));
    if (route !== 'POST /v1/chat/completions') return void response.writeHead(404).end();
    this.asked.push(body);
    response.setHeader('Content-Type', 'text/event-stream');
    for (const content of words)
      response.write(`data: ${JSON.stringify({ choices: [{ index: 0, delta: { content } }] })}\n\n`);
    response.write(`data: ${JSON.stringify({ choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] })}\n\n`);
    response.end('data: [DONE]\n\n');
  }
}

test(
  'a server that lets no page in at first answers after what the screen says',
  everywhere,
  async ({ page, sotto, watched }) => {
    const ollama = new SmallOllama();
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
      const notice = page.getByText(`Your words leave this browser for ${ollama.host}, on this computer.`);
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

      // What went where, and how much of it; and a switch that keeps all words here.
      await sotto.goTo('Privacy');
      const kept = page.getByRole('region', { name: 'Servers of your own' });
      await expect(kept.getByRole('listitem')).toHaveText(`on this computer · ${ollama.host}`);
      const row = page.getByRole('row').filter({ hasText: '/v1/chat/completions' }).filter({ hasText: 'answered' });
      await expect(row.first()).toContainText(ollama.host);
      await expect(row.first()).toContainText('your words, to your server');
      await expect(row.first().getByRole('cell').nth(4)).toHaveText(/^\d+ bytes$/);
      await kept.getByRole('checkbox', { name: 'Use only models on this device' }).check();
      const before = ollama.asked.length;
      await sotto.goTo('Chat');
      await sotto.chooseModel(`${model} · ${ollama.host}`);
      await sotto.ask('Do you hear this?');
      await expect(sotto.answer).toContainText('Only on this device');
      expect(ollama.asked.length).toBe(before);

      // Removed with a way back; what answered before the server was there answers again.
      await sotto.goTo('Models');
      await expect(card.getByText('In use')).toBeVisible();
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
