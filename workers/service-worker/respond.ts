import { sharePath, type Release } from '../../src/shared/protocol/app-release';
import type { Releases } from './releases';
import { receiveShare } from './share-inbox';

/** The way out of a broken version must not lead through that version. */
const wayOut = /^reset\.(html|js|css)$/;

/** Where the files of every version lie. Anything else on this host is none of our business: weights above all. */
const ownFolders = /^(assets|[a-z]+-worker)\//;

const isPage = (path: string): boolean => path === '' || path === 'index.html';

/** Decides who answers a request: the versions on this device, or the network. */
export class Responder {
  readonly #paths: ReadonlySet<string>;

  constructor(
    private readonly releases: Releases,
    private readonly own: Release,
    private readonly scope: string,
  ) {
    this.#paths = new Set(own.files.map(({ path }) => path));
  }

  /** @returns null for what the browser shall fetch as if there were no service worker */
  answerTo(request: Request): Promise<Response> | null {
    const url = new URL(request.url);
    if (!url.href.startsWith(this.scope)) return null;
    const path = decodeURIComponent(url.pathname.slice(new URL(this.scope).pathname.length));
    if (request.method === 'POST') return path === sharePath ? receiveShare(request, this.scope) : null;
    if (request.method !== 'GET' || wayOut.test(path)) return null;
    if (request.mode === 'navigate') {
      if (url.searchParams.has('reset')) return Promise.resolve(Response.redirect(`${this.scope}reset.html`));
      if (isPage(path)) return this.#page(request);
      // What the app links to opens in a tab of its own, also without a network.
      return this.#paths.has(path) ? this.#file(request, path) : this.#otherPage(request);
    }
    // A piece of a file is asked for by readers of weights only.
    if (request.headers.has('Range')) return null;
    return ownFolders.test(path) || this.#paths.has(path) ? this.#file(request, path) : null;
  }

  async #page(request: Request): Promise<Response> {
    try {
      const stored = await this.releases.answer('index.html');
      if (stored) return stored;
    } catch {
      // Damaged here, and at the host there is another version, or none: then that one, as without a service worker.
    }
    return this.#fromNetwork(request, 'page');
  }

  /** Somebody else's page in our folder, or an address that leads nowhere: then the app. */
  async #otherPage(request: Request): Promise<Response> {
    const home = (): Response => Response.redirect(this.scope);
    try {
      const response = await fetch(request);
      return response.status === 404 ? home() : response;
    } catch {
      return home();
    }
  }

  async #file(request: Request, path: string): Promise<Response> {
    try {
      const stored = await this.releases.answer(path);
      if (stored) return stored;
    } catch {
      // A page of HTML under the address of a script would be worse than nothing.
      return Response.error();
    }
    return this.#fromNetwork(request, path.split('/', 1)[0] ?? '');
  }

  /** For a version that this device has not: with the headers that it should have. */
  async #fromNetwork(request: Request, policy: string): Promise<Response> {
    const response = await fetch(request);
    if (response.type !== 'basic') return response;
    const { body, status, statusText } = response;
    const headers = new Headers(response.headers);
    // The body has been unpacked.
    for (const name of ['Content-Encoding', 'Content-Length']) headers.delete(name);
    const own = this.own.headers[policy] ?? this.own.headers['page'] ?? {};
    for (const [name, value] of Object.entries(own)) headers.set(name, value);
    return new Response(body, { status, statusText, headers });
  }
}
