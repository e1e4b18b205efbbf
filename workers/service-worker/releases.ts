import {
  cachePrefix,
  hasParts,
  partsOfWholeRelease,
  releaseCacheName,
  type Release,
  type ReleasePart,
  type ReleaseStatus,
  type ShellStatus,
} from '../../src/shared/protocol/app-release';
import { ReleaseCache } from './release-cache';

interface Chosen {
  /** What navigations get. */
  readonly current: string;
  /** What they got before: tabs that were open then still ask for its files, and a person may want it back. */
  readonly previous?: string;
}

/**
 * The versions of the app on this device. Which one is used is written down, and changes only when a person agrees: a newer
 * service worker goes on with the older version, and a newer version is prepared beside it.
 */
export class Releases {
  readonly #own: ReleaseCache;
  readonly #stateName: string;
  readonly #stateAddress: string;
  #chosen: Promise<Chosen | null> | null = null;
  readonly #opened = new Map<string, Promise<ReleaseCache | null>>();

  /** @param own the version that this service worker was built with */
  constructor(
    private readonly own: Release,
    private readonly scope: string,
  ) {
    this.#own = new ReleaseCache(own, scope);
    this.#stateName = `${cachePrefix(scope)}state`;
    this.#stateAddress = `${scope}sotto-state.json`;
  }

  /** @throws when a part of the page cannot be had: then this version does not exist for this device */
  async install(): Promise<void> {
    try {
      await this.#own.install();
    } catch (error) {
      if (!isFull(error)) throw error;
      // An old version is worth less than a new one.
      await this.#deleteAllBut([(await this.#state())?.current]);
      await this.#own.install();
    }
  }

  async activate(): Promise<void> {
    const chosen = await this.#state();
    if (chosen === null || (await this.#open(chosen.current)) === null) await this.#choose({ current: this.own.build });
    const { current, previous } = (await this.#state()) ?? { current: this.own.build };
    await this.#deleteAllBut([current, previous, this.own.build]);
  }

  /** The file of the version in use, or of another one that an older tab still runs; null for what belongs to none. */
  async answer(path: string): Promise<Response | null> {
    const chosen = await this.#state();
    for (const build of new Set([chosen?.current, this.own.build, chosen?.previous])) {
      const release = build === undefined ? null : await this.#open(build);
      if (release?.has(path)) return release.answer(path);
    }
    return null;
  }

  async complete(build: string, parts: readonly ReleasePart[]): Promise<void> {
    if (build === this.own.build && !(await this.#own.isInstalled())) {
      // Its files were deleted after it had been installed, by the browser or by hand; no second installation comes by itself.
      await this.install();
      await this.activate();
    }
    await (await this.#open(build))?.fill(parts);
  }

  /** @returns false when the version is not wholly here */
  async switchTo(build: string): Promise<boolean> {
    const release = await this.#open(build);
    if (release === null) return false;
    if (!hasParts(await statusOf(release), partsOfWholeRelease)) return false;
    const before = (await this.#state())?.current;
    await this.#choose(
      before === undefined || before === build ? { current: build } : { current: build, previous: before },
    );
    return true;
  }

  async status(): Promise<ShellStatus> {
    const current = await this.#open((await this.#state())?.current ?? this.own.build);
    const isNewer = current !== null && current.release.build !== this.own.build && (await this.#own.isInstalled());
    return {
      current: await statusOf(current ?? this.#own),
      next: isNewer ? await statusOf(this.#own) : null,
    };
  }

  #open(build: string): Promise<ReleaseCache | null> {
    let opened = this.#opened.get(build);
    if (!opened) {
      opened = ReleaseCache.installed(this.scope, build).then((found) => {
        // It may be installed later.
        if (found === null) this.#opened.delete(build);
        return found;
      });
      this.#opened.set(build, opened);
    }
    return opened;
  }

  #state(): Promise<Chosen | null> {
    this.#chosen ??= caches
      .match(this.#stateAddress, { cacheName: this.#stateName })
      .then(async (stored) => (stored ? ((await stored.json()) as Chosen) : null));
    return this.#chosen;
  }

  /** One write: whenever the service worker ends, one version or the other is in use. */
  async #choose(chosen: Chosen): Promise<void> {
    const cache = await caches.open(this.#stateName);
    await cache.put(this.#stateAddress, Response.json(chosen));
    this.#chosen = Promise.resolve(chosen);
  }

  async #deleteAllBut(builds: readonly (string | undefined)[]): Promise<void> {
    const kept = new Set(builds.map((build) => releaseCacheName(this.scope, build ?? '')));
    const prefix = releaseCacheName(this.scope, '');
    for (const name of await caches.keys()) if (name.startsWith(prefix) && !kept.has(name)) await caches.delete(name);
  }
}

export const isFull = (error: unknown): boolean => error instanceof DOMException && error.name === 'QuotaExceededError';

async function statusOf(cache: ReleaseCache): Promise<ReleaseStatus> {
  const { build, version } = cache.release;
  return { build, version, parts: await cache.partStatus() };
}
