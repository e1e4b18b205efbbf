import {
  hasParts,
  modelLibrariesPath,
  partsOfWholeRelease,
  releaseCacheName,
  type ReleasePart,
  type ShellAnswer,
  type ShellStatus,
} from '../../shared/protocol/app-release';
import { NotStored, type ShellClient } from './shell-client';

export type OfflinePhase =
  | 'starting'
  /** The browser has no service workers, or allows none here; without HTTPS no browser does. */
  | 'impossible'
  /** Being stored, or not wholly stored yet. */
  | 'incomplete'
  /** The app works without a network. */
  | 'ready';

interface OfflineParts {
  readonly start: () => Promise<ShellClient>;
  /** The models' libraries of a newer build are fetched before it is offered; null where it names none. */
  readonly prepareUpdate: (libraries: unknown) => Promise<void>;
  /** Called when this or another tab has switched to another version. */
  readonly onSwitched: () => void;
}

/** The folder of the app, as an absolute URL. */
const scope = new URL('./', document.baseURI).href;

/** How long to wait before a newer version is looked for again in a tab that stays open, in ms. */
const lookAgainMs = 12 * 60 * 60_000;

/** What of the app is on this device, and whether a newer version waits. */
export class OfflineShell {
  #phase = $state<OfflinePhase>('starting');
  #status = $state.raw<ShellStatus | null>(null);
  #obstacle = $state.raw<Extract<ShellAnswer, { ok: false }> | null>(null);
  #update = $state<string | null>(null);
  #looking = $state(false);
  #client: ShellClient | null = null;
  #wanted: readonly ReleasePart[] = partsOfWholeRelease;
  #lookedAt = performance.now();

  constructor(private readonly parts: OfflineParts) {}

  get phase(): OfflinePhase {
    return this.#phase;
  }
  get status(): ShellStatus | null {
    return this.#status;
  }
  /** Why a part is missing: no space, or no network. */
  get obstacle(): 'storage' | 'network' | null {
    return this.#obstacle?.reason ?? null;
  }
  /** The build of a newer version that is wholly here and can be switched to; null when there is none. */
  get update(): string | null {
    return this.#update;
  }
  /** Whether the host is being asked for a newer version. */
  get looking(): boolean {
    return this.#looking;
  }

  async start(): Promise<void> {
    if (!('serviceWorker' in navigator)) {
      this.#phase = 'impossible';
      return;
    }
    try {
      this.#client = await this.parts.start();
    } catch (error) {
      this.#obstacle = {
        ok: false,
        reason: error instanceof NotStored ? error.reason : 'network',
        technical: String(error),
      };
      this.#phase = 'impossible';
      return;
    }
    this.#client.onSwitched(() => this.parts.onSwitched());
    this.#client.onNewer(() => void this.#prepareNext());
    addEventListener('online', () => void this.complete());
    document.addEventListener('visibilitychange', () => {
      // Not by the clock on the wall, which may be wrong by years.
      if (document.visibilityState === 'visible' && performance.now() - this.#lookedAt > lookAgainMs)
        void this.lookForNewer();
    });
    await this.complete();
    await this.#prepareNext();
    // The browser looks by itself after a visit has begun, but puts that off for as long as the service worker has work.
    await this.lookForNewer();
  }

  /** Fetches what is still missing for use without a network. */
  async complete(): Promise<void> {
    await this.#ask({ type: 'status' });
    if (this.#status === null || this.#phase === 'ready') return;
    await this.#ask({ type: 'complete', build: this.#status.current.build, parts: this.#wanted });
  }

  /** Engines that are large are kept once somebody has use for them. */
  async keepAsWell(parts: readonly ReleasePart[]): Promise<void> {
    this.#wanted = [...new Set([...this.#wanted, ...parts])];
    const current = this.#status?.current;
    if (current && !hasParts(current, parts))
      await this.#ask({ type: 'complete', build: current.build, parts: this.#wanted });
  }

  async lookForNewer(): Promise<void> {
    if (this.#looking) return;
    this.#looking = true;
    this.#lookedAt = performance.now();
    await this.#client?.lookForNewer();
    this.#looking = false;
  }

  /** Switches to the newer version; every tab hears of it. @returns whether it could be done */
  async takeUpdate(): Promise<boolean> {
    if (this.#update === null) return false;
    return this.#ask({ type: 'switch', build: this.#update });
  }

  /** Brings all of a newer version here, so that switching to it needs no network and cannot end half-way. */
  async #prepareNext(): Promise<void> {
    await this.#ask({ type: 'status' });
    const next = this.#status?.next;
    if (!next) return;
    if (!(await this.#ask({ type: 'complete', build: next.build, parts: this.#wanted }))) return;
    try {
      await this.parts.prepareUpdate(await librariesOf(next.build));
      this.#update = next.build;
    } catch (error) {
      // Its models could not be run: the version in use goes on, and this is tried again at the next start.
      this.#obstacle = { ok: false, reason: 'network', technical: String(error) };
    }
  }

  async #ask(request: Parameters<ShellClient['ask']>[0]): Promise<boolean> {
    const answer = await this.#client?.ask(request);
    if (!answer) return false;
    if (answer.ok) {
      this.#status = answer.status;
      this.#phase = hasParts(answer.status.current, partsOfWholeRelease) ? 'ready' : 'incomplete';
      if (request.type !== 'status') this.#obstacle = null;
    } else {
      this.#obstacle = answer;
      if (this.#phase === 'starting') this.#phase = 'incomplete';
    }
    return answer.ok;
  }
}

/** The list of models' libraries that a stored version names; null where it has none. */
async function librariesOf(build: string): Promise<unknown> {
  const url = new URL(modelLibrariesPath, scope).href;
  const stored = await caches.match(url, { cacheName: releaseCacheName(scope, build), ignoreVary: true });
  return stored ? stored.json() : null;
}
