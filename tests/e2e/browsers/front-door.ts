/**
 * What browsers that Playwright cannot drive see of the app: a server before the server, at an origin of its own for every test,
 * so that each begins with nothing stored. It can be shut like a network that is gone, and gives pages a script before their own.
 */
import { createServer, request as forward, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

interface Options {
  /** Where the app really is. */
  readonly behind: string;
  readonly serviceWorkers: 'allow' | 'block';
}

const scriptPath = '/before-the-app.js';

export class FrontDoor {
  /** While shut, every connection breaks off. */
  isShut = false;
  readonly #server = createServer((request, response) => this.#answer(request, response));
  readonly #scripts: string[] = [];

  private constructor(private readonly options: Options) {}

  static async open(options: Options): Promise<FrontDoor> {
    const door = new FrontDoor(options);
    await new Promise<void>((resolve) => door.#server.listen(0, 'localhost', resolve));
    return door;
  }

  get origin(): string {
    return `http://localhost:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Runs in every page before its own scripts, from the next navigation on. */
  addInitScript<Argument>(script: (argument: Argument) => void, argument: Argument): Promise<void> {
    this.#scripts.push(`(${script.toString()})(${JSON.stringify(argument)});`);
    return Promise.resolve();
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      this.#server.close(() => resolve());
      this.#server.closeAllConnections();
    });
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const { pathname } = new URL(request.url ?? '/', this.origin);
    if (this.isShut) request.socket.destroy();
    else if (pathname === scriptPath)
      response.setHeader('Content-Type', 'text/javascript').end(this.#scripts.join('\n'));
    else if (pathname === '/service-worker.js' && this.options.serviceWorkers === 'block')
      response.writeHead(404).end();
    else this.#forward(request, response);
  }

  #forward(request: IncomingMessage, response: ServerResponse): void {
    const target = new URL(request.url ?? '/', this.options.behind);
    // Unpacked and unaltered: it may be changed here, and must not be answered with "not modified".
    const headers = { ...request.headers, host: target.host, 'accept-encoding': 'identity' };
    delete headers['if-none-match'];
    const passedOn = forward(target, { method: request.method ?? 'GET', headers }, (answer) => {
      const isPage = this.#scripts.length > 0 && answer.headers['content-type']?.startsWith('text/html') === true;
      if (!isPage) {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
        return;
      }
      void text(answer).then((html) => {
        for (const [name, value = ''] of Object.entries(answer.headers))
          if (name !== 'content-length') response.setHeader(name, value);
        response.statusCode = answer.statusCode ?? 502;
        response.end(html.replace(/<head>/, `<head><script src="${scriptPath}"></script>`));
      });
    });
    passedOn.on('error', () => response.destroy());
    request.pipe(passedOn);
  }
}
