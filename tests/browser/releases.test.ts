/** Versions of the app in the browser's real cache. Only the host is played: it has to fail in ways that no host here does. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { releaseCacheName, type Release, type ReleaseFile } from '../../src/shared/protocol/app-release';
import { Releases } from '../../workers/service-worker/releases';

const scope = `${location.origin}/a-folder/`;
const html = '<!doctype html>';

/** What the host answers, by path; a missing one is 404. */
const host = new Map<string, string>();
const asked: string[] = [];
let offline = false;
/** What the browser's own cache would answer before the host is asked. */
const httpCache = new Map<string, string>();

async function fileOf(path: string, content: string, part: ReleaseFile['part'] = 'app'): Promise<ReleaseFile> {
  const hash = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(content));
  const sha256 = [...new Uint8Array(hash)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return { path, bytes: content.length, sha256, part, mediaType: 'text/plain', policy: 'page' };
}

/** A version whose files have the given contents, which the host then has, too. */
async function deployed(build: string, contents: Record<string, string>): Promise<Release> {
  const partOf = (path: string): ReleaseFile['part'] =>
    path.endsWith('.wasm') ? 'extras' : path.endsWith('.gguf') ? 'guide' : 'app';
  const files = await Promise.all(
    Object.entries(contents).map(([path, content]) => fileOf(path, content, partOf(path))),
  );
  host.clear();
  for (const [path, content] of Object.entries(contents)) host.set(path, content);
  return { build, version: build, files, headers: { page: { 'X-Policy': build } } };
}

const textOf = async (releases: Releases, path: string): Promise<string | undefined> =>
  (await releases.answer(path))?.text();

const first = { 'index.html': 'page one', 'assets/one.js': 'script one', 'a.wasm': 'engine', 'guide.gguf': 'guide' };
const second = { 'index.html': 'page two', 'assets/two.js': 'script two', 'a.wasm': 'engine', 'guide.gguf': 'guide' };
const whole = ['app', 'extras', 'guide'] as const;

async function installed(release: Release): Promise<Releases> {
  const releases = new Releases(release, scope);
  await releases.install();
  await releases.activate();
  return releases;
}

beforeEach(() => {
  offline = false;
  asked.length = 0;
  httpCache.clear();
  vi.spyOn(globalThis, 'fetch').mockImplementation((input, init) => {
    const path = String(input).slice(scope.length);
    const cached = init?.cache === 'default' ? httpCache.get(path) : undefined;
    if (cached !== undefined) return Promise.resolve(new Response(cached));
    asked.push(path);
    const content = host.get(path);
    if (offline) return Promise.reject(new TypeError('Failed to fetch'));
    return Promise.resolve(content === undefined ? new Response(html, { status: 404 }) : new Response(content));
  });
});
afterEach(async () => {
  vi.restoreAllMocks();
  for (const name of await caches.keys()) await caches.delete(name);
});

describe('a version', () => {
  it('is there without a network once it is installed, with its own headers and types', async () => {
    const releases = await installed(await deployed('one', first));
    offline = true;
    const page = await releases.answer('index.html');
    expect(await page?.text()).toBe('page one');
    expect(page?.headers.get('X-Policy')).toBe('one');
    expect(page?.headers.get('Content-Type')).toBe('text/plain');
    expect(await releases.answer('assets/unknown.js')).toBeNull();
  });

  it('has the page first; the engines come when they are asked for, or to complete it', async () => {
    const releases = await installed(await deployed('one', first));
    expect(asked.sort()).toEqual(['assets/one.js', 'index.html']);
    await releases.complete('one', whole);
    offline = true;
    expect(await textOf(releases, 'a.wasm')).toBe('engine');
    const { current } = await releases.status();
    expect(current.parts.every(({ bytes, storedBytes }) => bytes === storedBytes)).toBe(true);
  });

  it('keeps what was asked for in between', async () => {
    const releases = await installed(await deployed('one', first));
    expect(await textOf(releases, 'a.wasm')).toBe('engine');
    offline = true;
    expect(await textOf(releases, 'a.wasm')).toBe('engine');
  });

  it('asks the host when the browser’s own cache has something else', async () => {
    const release = await deployed('one', first);
    httpCache.set('assets/one.js', html);
    const releases = await installed(release);
    expect(await textOf(releases, 'assets/one.js')).toBe('script one');
  });

  it('does not exist when the host sends something else: a captive portal, or half a deployment', async () => {
    const release = await deployed('one', first);
    host.set('assets/one.js', html);
    await expect(installed(release)).rejects.toThrow('assets/one.js');
    const releases = new Releases(release, scope);
    expect(await releases.answer('index.html')).toBeNull();
    // What did come need not come again.
    host.set('assets/one.js', first['assets/one.js']);
    asked.length = 0;
    await installed(release);
    expect(asked).toEqual(['assets/one.js']);
  });

  it('is mended when a stored file is not what it was', async () => {
    const release = await deployed('one', first);
    await installed(release);
    const cache = await caches.open(releaseCacheName(scope, 'one'));
    await cache.put(`${scope}assets/one.js`, new Response(html, { headers: { 'Content-Type': 'text/html' } }));
    // As after the browser has ended the service worker: nothing is remembered.
    const releases = new Releases(release, scope);
    expect(await textOf(releases, 'assets/one.js')).toBe('script one');
    offline = true;
    expect(await textOf(new Releases(release, scope), 'assets/one.js')).toBe('script one');
  });

  it('refuses a damaged file that cannot be mended', async () => {
    const release = await deployed('one', first);
    await installed(release);
    const cache = await caches.open(releaseCacheName(scope, 'one'));
    await cache.put(`${scope}assets/one.js`, new Response(html));
    offline = true;
    await expect(new Releases(release, scope).answer('assets/one.js')).rejects.toThrow();
  });

  it('is installed anew when somebody has deleted its cache', async () => {
    const releases = await installed(await deployed('one', first));
    await caches.delete(releaseCacheName(scope, 'one'));
    const fresh = new Releases(await deployed('one', first), scope);
    expect(await fresh.answer('index.html')).toBeNull();
    await fresh.complete('one', whole);
    offline = true;
    expect(await textOf(fresh, 'index.html')).toBe('page one');
    // And never behind the back of a person: reading brings no cache back.
    await caches.delete(releaseCacheName(scope, 'one'));
    offline = false;
    await releases.answer('a.wasm').catch(() => null);
    expect(await caches.has(releaseCacheName(scope, 'one'))).toBe(false);
  });
});

describe('a newer version', () => {
  it('is prepared beside the one in use, and used when it is said so', async () => {
    await installed(await deployed('one', first));
    const old = new Releases(await deployed('one', first), scope);
    await old.complete('one', whole);
    asked.length = 0;
    const releases = await installed(await deployed('two', second));
    expect(await textOf(releases, 'index.html')).toBe('page one');
    expect((await releases.status()).next?.build).toBe('two');
    await releases.complete('two', whole);
    expect(asked.sort(), 'what has not changed is not fetched again').toEqual(['assets/two.js', 'index.html']);
    offline = true;
    expect(await releases.switchTo('two')).toBe(true);
    expect(await textOf(releases, 'index.html')).toBe('page two');
    expect(await textOf(releases, 'assets/one.js'), 'for tabs that were open').toBe('script one');
    expect((await releases.status()).next).toBeNull();
    // The choice outlives the service worker.
    expect(await textOf(new Releases(await deployed('two', second), scope), 'index.html')).toBe('page two');
  });

  it('cannot be used before all of it is here', async () => {
    await installed(await deployed('one', first));
    const releases = await installed(await deployed('two', { ...second, 'a.wasm': 'another engine' }));
    expect(await releases.switchTo('two')).toBe(false);
    expect(await releases.switchTo('three')).toBe(false);
    expect(await textOf(releases, 'index.html')).toBe('page one');
  });

  it('can be left again for the one before', async () => {
    await (await installed(await deployed('one', first))).complete('one', whole);
    const releases = await installed(await deployed('two', second));
    await releases.complete('two', whole);
    await releases.switchTo('two');
    expect(await releases.switchTo('one')).toBe(true);
    expect(await textOf(releases, 'index.html')).toBe('page one');
    expect((await releases.status()).next?.build).toBe('two');
  });

  it('replaces only what nobody needs any more', async () => {
    await (await installed(await deployed('one', first))).complete('one', whole);
    const two = await installed(await deployed('two', second));
    await two.complete('two', whole);
    await two.switchTo('two');
    await installed(await deployed('three', { ...second, 'index.html': 'page three' }));
    await installed(await deployed('four', { ...second, 'index.html': 'page four' }));
    const builds = (await caches.keys()).flatMap((name) => /release:(.*)$/.exec(name)?.[1] ?? []);
    expect(builds.sort()).toEqual(['four', 'one', 'two']);
  });

  it('of another folder on the same host is another app', async () => {
    await caches.open(releaseCacheName(`${location.origin}/`, 'one'));
    await caches.open('of somebody else');
    await installed(await deployed('one', first));
    await installed(await deployed('two', second));
    expect(await caches.has(releaseCacheName(`${location.origin}/`, 'one'))).toBe(true);
    expect(await caches.has('of somebody else')).toBe(true);
  });
});

describe('a service worker that is ended at any moment', () => {
  it('leaves one version or the other, never half of one', async () => {
    await (await installed(await deployed('one', first))).complete('one', whole);
    const release = await deployed('two', second);
    // Ended at each of its writes to the cache.
    const put = Cache.prototype.put;
    for (let allowed = 0; allowed < 8; allowed += 1) {
      let writes = 0;
      const isEnded = new Promise<void>((resolve) => {
        Cache.prototype.put = function (this: Cache, ...args) {
          writes += 1;
          if (writes <= allowed) return put.apply(this, args);
          resolve();
          return new Promise<void>(() => undefined);
        };
      });
      const ended = new Releases(release, scope);
      const isThrough = ended
        .install()
        .then(() => ended.activate())
        .then(() => ended.complete('two', whole))
        .then(() => ended.switchTo('two'));
      await Promise.race([isEnded, isThrough]);
      Cache.prototype.put = put;
      offline = true;
      const after = new Releases(release, scope);
      const page = await textOf(after, 'index.html');
      const script = page === 'page two' ? 'assets/two.js' : 'assets/one.js';
      expect(['page one', 'page two'], `after ${allowed} writes`).toContain(page);
      expect(await textOf(after, script)).toBe(page?.replace('page', 'script'));
      expect(await textOf(after, 'a.wasm')).toBe('engine');
      offline = false;
    }
  });
});

describe('a quota that is too small', () => {
  it('costs the version before first, and never the one in use', async () => {
    await (await installed(await deployed('one', first))).complete('one', whole);
    const two = await installed(await deployed('two', second));
    await two.complete('two', whole);
    await two.switchTo('two');
    const put = Cache.prototype.put;
    // Full as long as the oldest version is here.
    Cache.prototype.put = async function (this: Cache, ...args) {
      if (await caches.has(releaseCacheName(scope, 'one'))) throw new DOMException('full', 'QuotaExceededError');
      return put.apply(this, args);
    };
    const three = await installed(await deployed('three', { ...second, 'index.html': 'page three' })).finally(
      () => (Cache.prototype.put = put),
    );
    expect(await textOf(three, 'index.html')).toBe('page two');
    expect((await three.status()).next?.build).toBe('three');
  });
});
