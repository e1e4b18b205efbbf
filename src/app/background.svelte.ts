/** What goes on beside the screen: use without a network, newer versions, what is opened from outside. Loaded after the first paint. */
import type { LoadSettings } from '../shared/domain/engine-choice';
import { untrack } from 'svelte';
import { recordRequests } from '../shared/platform/record-requests';
import { RequestLog } from '../shared/platform/request-log';
import type { StoredModel } from '../shared/protocol/weights';
import { m } from '../text/paraglide/messages.js';
import type { RunningApp } from './running-app';
import { anyTabIsBusy, BusyMark } from './busy-tabs';
import { Incoming } from './incoming/incoming.svelte';
import { incomingPlaces } from './incoming/places';
import { receiveFromOutside } from './incoming/receive';
import { KeepAwake } from './keep-awake';
import type { Offer } from './offer';
import { offersOf } from './offers';
import { DownloadTimes } from '../benchmark/download-times';
import { markdown } from '../chat/markdown/markdown';
import { leaveWhenDeleted } from '../privacy/deletion-mark';
import { focusKeeper } from '../ui/focus-keeper';
import { loadPart } from '../ui/load-part';
import { carriedDraft, nothingInHand, reloadCarrying, reloadForIsolation, watchTouch } from './offline/harmless-reload';
import { OfflineShell } from './offline/offline-shell.svelte';
import { wantedEngines } from './offline/wanted-engines';
import { ShellClient } from './offline/shell-client';
import { StorageMarker, type Kept } from './storage-marker';
import { WhenIdle } from './when-idle';

/** How long the line must be free before the copy for offline use is begun, in ms: the end of an answer brings a few more files. */
const freeLineMs = 1000;
const lookAgainMs = 200;

export class Background {
  readonly log = new RequestLog('page');
  readonly focusKeeper = focusKeeper;
  readonly downloads = new DownloadTimes();
  readonly shell: OfflineShell;
  readonly incoming: Incoming;
  #lost = $state.raw<Kept | null>(null);
  #putAway = $state.raw<ReadonlySet<string>>(new Set());
  /** Another tab has switched to a newer version; this one still runs the older. */
  #stale = $state(false);
  #agreed = false;
  readonly #isTouched = watchTouch();
  readonly #offers = $derived.by(() => offersOf(this.app, this).filter(({ id }) => !this.#putAway.has(id)));

  constructor(private readonly app: RunningApp) {
    this.shell = new OfflineShell({
      start: () => ShellClient.start(),
      prepareUpdate: (libraries) => this.#prepareUpdate(libraries),
      onSwitched: () => this.#switched(),
    });
    this.incoming = new Incoming(incomingPlaces(app));
  }

  /** What can be done now and need not be; most important first. */
  get offers(): readonly Offer[] {
    return this.#offers;
  }
  /** What the browser has deleted since the last visit. */
  get lost(): Kept | null {
    return this.#lost;
  }
  get stale(): boolean {
    return this.#stale;
  }

  start(): void {
    this.app.models.weights.listen((event) => this.downloads.hear(event));
    markdown.prepare();
    focusKeeper.start();
    leaveWhenDeleted();
    recordRequests(this.log);
    this.#watch();
    this.app.lock.watch();
    void receiveFromOutside(this.incoming, (hash) => this.app.router.goTo(hash));
    const draft = carriedDraft();
    if (draft !== '' && this.app.session.draft === '' && !this.app.session.temporary) this.app.session.draft = draft;
    this.app.models.shelf.onEnded = (model): void => this.#tellOfDownload(model);
    void this.#startStarter();
    void this.#startShell();
  }

  /** Not again in this visit. */
  putAway(id: string): void {
    this.#putAway = new Set([...this.#putAway, id]);
  }

  async takeUpdate(): Promise<void> {
    if (this.app.busy || (await anyTabIsBusy())) {
      this.app.notices.show({ text: m.update_busy_elsewhere() });
      return;
    }
    this.#agreed = true;
    if (await this.shell.takeUpdate()) return;
    this.#agreed = false;
    this.app.notices.show({ text: m.update_failed() });
  }

  reload(): void {
    const { session } = this.app;
    const draft = session.temporary ? '' : session.draft;
    // A locked draft must not lie about in the clear; it is sealed where the next page finds it after unlocking.
    if (this.app.chats.lock?.vault.record) void this.app.settle().then(() => location.reload());
    else reloadCarrying(draft);
  }

  async keepStorage(): Promise<void> {
    const kept = await navigator.storage?.persist?.().catch(() => false);
    this.app.notices.show({ text: kept ? m.evicted_kept() : m.evicted_not_kept() });
    this.putAway('evicted');
  }

  /**
   * Called before a newer version is offered, with its `model-libraries.json`; null where it has none. What the models on
   * this device need to run in that version is fetched here. A rejection puts the offer off.
   */
  async #prepareUpdate(libraries: unknown): Promise<void> {
    if (libraries === null) return;
    const { prepareLibraries } = await loadPart(() => import('../models/load/prepare-libraries'));
    await prepareLibraries(this.app.models.shelf, libraries);
  }

  /** The older version goes on in tabs where a person has something in hand: its files are still here. */
  #switched(): void {
    if (this.#agreed || this.#isHarmless()) this.reload();
    else this.#stale = true;
  }

  /** Whether loading the page again would go unnoticed. */
  #isHarmless(): boolean {
    const { session } = this.app;
    // A temporary chat is nowhere else.
    if (session.temporary) return session.path.length === 0 && session.nothingInHand && nothingInHand('');
    return !this.app.busy && nothingInHand(session.draft);
  }

  /** When the Guide is there: on a slow line there is no room for both. */
  async #startStarter(): Promise<void> {
    while (this.app.awaitsAnswer) await new Promise((resolve) => setTimeout(resolve, lookAgainMs));
    try {
      const { advice } = await this.app.starter.open();
      new WhenIdle(
        () => this.app.busy || !advice.speedCheck.isDue,
        () => void advice.speedCheck.run(),
      ).start();
    } catch {
      addEventListener('online', () => void this.#startStarter(), { once: true });
    }
  }

  /** Where a person is; the Models screen has it on the model's card, and a model that was wished for is taken into use. */
  #tellOfDownload({ manifest: { modelId, name }, state }: StoredModel): void {
    const { router, notices, starter } = this.app;
    const { shelf } = this.app.models;
    if (router.route.screen === 'models') return shelf.noteSeen(modelId);
    if (state === 'failed') {
      const retry = { label: m.try_again(), run: () => void shelf.resume(modelId) };
      notices.show({ text: m.starter_download_failed({ name }), action: retry });
      return;
    }
    if (starter.value?.due?.id === modelId) return;
    const model = shelf.models.find(({ id }) => id === modelId);
    const action = model && { action: { label: m.use(), run: () => void this.app.useModel(model) } };
    notices.show({ text: m.starter_ready({ name }), ...action });
  }

  async #startShell(): Promise<void> {
    // The first answer comes first: a slow line has no room for both. And what the page is still fetching, the copy would
    // fetch a second time; once it is here, the browser has it.
    for (let freeMs = 0; freeMs < freeLineMs; freeMs = this.app.awaitsAnswer ? 0 : freeMs + lookAgainMs)
      await new Promise((resolve) => setTimeout(resolve, lookAgainMs));
    await this.shell.start();
    if (this.shell.phase === 'ready') reloadForIsolation(this.#isTouched, () => this.#isHarmless());
  }

  /** Effects that touch only the outside: locks, the badge, the mark that tells of eviction. */
  #watch(): void {
    const busyMark = new BusyMark();
    const awake = new KeepAwake();
    const marker = new StorageMarker();
    void marker.look().then((lost) => {
      this.#lost = lost;
      // Not before: what the mark says must have been read before it is written over.
      $effect.root(() => {
        $effect(() => {
          const { library, models } = this.app;
          if (library.ready && models.shelf.isRead)
            void marker.note({ chats: library.conversations.length, models: models.shelf.stored.length });
        });
      });
    });
    $effect.root(() => {
      $effect(() => busyMark.set(this.app.busy));
      $effect(() => awake.set(this.app.models.shelf.transfers));
      $effect(() => {
        const { value: starter } = this.app.starter;
        const model = starter?.due ?? null;
        if (model === null || this.app.isAnswering) return;
        untrack(() => {
          // At once, so that the wish is not fulfilled twice while what is needed for it is fetched.
          starter?.done();
          void this.app.useModel(model, true);
        });
      });
      $effect(() => {
        const { models, activeModel } = this.app;
        const { shelf } = models;
        const settingsOf = (id: string): LoadSettings => shelf.loadSettings.of(id);
        const stored = shelf.stored.map(({ manifest }) => ({ manifest, settings: settingsOf(manifest.modelId) }));
        const wanted = wantedEngines({ stored, chosen: activeModel.chosen, loaded: activeModel.loaded });
        untrack(() => void this.shell.keepAsWell(wanted));
      });
    });
  }
}

export function startBackground(app: RunningApp): Background {
  const background = new Background(app);
  background.start();
  // The network may be gone by the time that a chat is deleted; the way back must come all the same.
  loadPart(() => import('./chat-notices')).catch(() => {});
  return background;
}
