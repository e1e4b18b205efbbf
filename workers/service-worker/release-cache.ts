import {
  releaseCacheName,
  type PartStatus,
  type Release,
  type ReleaseFile,
  type ReleasePart,
} from '../../src/shared/protocol/app-release';
import { cachePrefix, releaseParts } from '../../src/shared/protocol/app-release';
import { fetchFile, hasHash, responseWith } from './fetch-file';

/** How many files are fetched at a time. */
const lanes = 4;

/** Where the list of a release lies in its own cache. Written last: a cache without it is half a release. */
const listAddress = (scope: string): string => `${scope}sotto-release.json`;

/** The files of one version in a cache of their own. Each is checked when it is stored, and again when it is read. */
export class ReleaseCache {
  readonly #name: string;
  readonly #files: ReadonlyMap<string, ReleaseFile>;
  /** Checked since this service worker was started. */
  readonly #checked = new Set<string>();

  constructor(
    readonly release: Release,
    private readonly scope: string,
  ) {
    this.#name = releaseCacheName(scope, release.build);
    this.#files = new Map(release.files.map((file) => [file.path, file]));
  }

  /** A version that was installed before, by whatever service worker; null where it is not wholly there. */
  static async installed(scope: string, build: string): Promise<ReleaseCache | null> {
    const name = releaseCacheName(scope, build);
    const list = await caches.match(listAddress(scope), { cacheName: name });
    return list ? new ReleaseCache((await list.json()) as Release, scope) : null;
  }

  has(path: string): boolean {
    return this.#files.has(path);
  }

  async isInstalled(): Promise<boolean> {
    return (await caches.match(listAddress(this.scope), { cacheName: this.#name })) !== undefined;
  }

  /** Brings everything that the page itself needs. May be ended and begun again at any moment. */
  async install(): Promise<void> {
    await this.fill(['app']);
    const cache = await caches.open(this.#name);
    await cache.put(listAddress(this.scope), Response.json(this.release));
  }

  /** Fetches what is missing of some parts. @throws WrongContent, TypeError, DOMException when there is no space */
  async fill(parts: readonly ReleasePart[]): Promise<void> {
    const cache = await caches.open(this.#name);
    const stored = await this.#storedPaths();
    const missing = this.release.files.filter(({ part, path }) => parts.includes(part) && !stored.has(path));
    // In the order of the parts, so that the page is whole before the engines begin.
    missing.sort((a, b) => releaseParts.indexOf(a.part) - releaseParts.indexOf(b.part));
    const next = missing.values();
    await Promise.all(
      Array.from({ length: lanes }, async () => {
        for (const file of next) await this.#store(cache, file, await this.#fromOtherVersion(file));
      }),
    );
  }

  /**
   * The file, from this device where it is stored and sound; else from the network, and kept.
   * @throws WrongContent, TypeError
   */
  async answer(path: string): Promise<Response | null> {
    const file = this.#files.get(path);
    if (!file) return null;
    const url = this.#url(file);
    const stored = await caches.match(url, { cacheName: this.#name, ignoreVary: true });
    if (stored && (await this.#isSound(file, stored))) return stored;
    const content = await fetchFile(url, file);
    // A cache that is gone has been deleted by a person: it must not come back from here.
    if (await caches.has(this.#name)) {
      await (await caches.open(this.#name)).put(url, this.#response(content, file)).catch(() => {});
    }
    return this.#response(content, file);
  }

  async partStatus(): Promise<readonly PartStatus[]> {
    const stored = await this.#storedPaths();
    return releaseParts.map((part) => {
      const files = this.release.files.filter((file) => file.part === part);
      const sum = (some: readonly ReleaseFile[]): number => some.reduce((bytes, file) => bytes + file.bytes, 0);
      return { part, bytes: sum(files), storedBytes: sum(files.filter(({ path }) => stored.has(path))) };
    });
  }

  async #storedPaths(): Promise<ReadonlySet<string>> {
    if (!(await caches.has(this.#name))) return new Set();
    const requests = await (await caches.open(this.#name)).keys();
    return new Set(requests.map(({ url }) => decodeURIComponent(url.slice(this.scope.length))));
  }

  /** Most files of a new version are those of the last one. */
  async #fromOtherVersion(file: ReleaseFile): Promise<ArrayBuffer | null> {
    const url = this.#url(file);
    for (const cacheName of await caches.keys()) {
      if (cacheName === this.#name || !cacheName.startsWith(cachePrefix(this.scope))) continue;
      const content = await (await caches.match(url, { cacheName, ignoreVary: true }))?.arrayBuffer();
      if (content && (await hasHash(content, file.sha256))) return content;
    }
    return null;
  }

  async #store(cache: Cache, file: ReleaseFile, known: ArrayBuffer | null): Promise<void> {
    const content = known ?? (await fetchFile(this.#url(file), file));
    await cache.put(this.#url(file), this.#response(content, file));
  }

  /** Read from a copy, so that what is answered is the cache's own response, with the code that the browser compiled beside it. */
  async #isSound(file: ReleaseFile, stored: Response): Promise<boolean> {
    // The Guide is checked by the thread that asks for it.
    if (this.#checked.has(file.path) || file.part === 'guide') return true;
    if (!(await hasHash(await stored.clone().arrayBuffer(), file.sha256))) return false;
    this.#checked.add(file.path);
    return true;
  }

  #response(content: ArrayBuffer, file: ReleaseFile): Response {
    return responseWith(content, file, this.release.headers[file.policy] ?? {});
  }

  #url(file: ReleaseFile): string {
    return new URL(file.path, this.scope).href;
  }
}
