import type { Benchmark } from '../benchmark/benchmark.svelte';
import { DownloadTimes } from '../benchmark/download-times';
import { SessionPool } from '../chat/session-pool.svelte';
import type { ChatSession } from '../chat/chat-session.svelte';
import type { Result } from '../contracts/failure';
import { ActiveModel } from '../engine/active-model.svelte';
import { EngineClient } from '../engine/engine-client';
import { Library } from '../library/library.svelte';
import { guide } from '../models/catalogue';
import { HubAddress } from '../models/hub-address.svelte';
import { rememberedModel, rememberModel } from '../models/remembered-model';
import { ModelShelf } from '../models/model-shelf.svelte';
import { WeightsClient } from '../models/weights-client';
import { RequestLedger } from '../privacy/request-ledger.svelte';
import { wipeDevice } from '../privacy/wipe';
import { Appearance } from '../settings/appearance.svelte';
import { ConversationChannel } from '../storage/conversation-channel';
import type { ConversationRepository } from '../storage/conversation-repository';
import { Language } from '../text/language.svelte';
import { m } from '../text/paraglide/messages.js';
import { Notices } from './notices.svelte';
import { Router } from './router.svelte';

interface AppParts {
  readonly repository: ConversationRepository;
  readonly startEngineWorker: () => Worker;
  readonly startWeightsWorker: () => Worker;
}

/** Everything there is one of, put together. Components get it by context and hold no state that outlives them. */
export class App {
  readonly notices = new Notices();
  readonly language = new Language();
  readonly appearance = new Appearance();
  readonly requests = new RequestLedger();
  readonly engine: EngineClient;
  readonly hub = new HubAddress();
  readonly weights: WeightsClient;
  readonly shelf: ModelShelf;
  readonly activeModel: ActiveModel;
  readonly library: Library;
  readonly downloads = new DownloadTimes();
  readonly router: Router;
  readonly platform: {
    readonly crossOriginIsolated: boolean;
    readonly workers: boolean;
    /** False where chats are kept only until the page is closed. */
    readonly persistent: boolean;
  };
  readonly #sessions: SessionPool;
  #benchmark: Promise<Benchmark> | null = null;

  constructor({ repository, startEngineWorker, startWeightsWorker }: AppParts) {
    this.platform = {
      crossOriginIsolated: globalThis.crossOriginIsolated,
      workers: 'Worker' in globalThis,
      persistent: repository.persistent,
    };
    this.engine = new EngineClient(startEngineWorker);
    this.weights = new WeightsClient(startWeightsWorker, () => ({ hubUrl: this.hub.url }));
    this.shelf = new ModelShelf(this.weights);
    this.activeModel = new ActiveModel(this.engine, (model) => this.shelf.weightsOf(model), guide, rememberModel);

    const channel = new ConversationChannel();
    this.library = new Library({
      repository,
      channel,
      removing: (id) => this.#sessions.close(id),
      removed: ({ conversation }, undo) => {
        this.notices.show({
          text: m.chat_deleted({ title: conversation.title }),
          action: { label: m.undo(), run: undo },
        });
        if (this.session.conversationId === conversation.id) this.router.goTo('#/chat');
      },
      // The words of failures are many, and not part of the first load.
      failed: (failure) =>
        void import('../text/failure-text').then(({ failureText }) =>
          this.notices.show({ text: failureText(failure).title }),
        ),
    });
    this.#sessions = new SessionPool({
      repository,
      channel,
      model: this.activeModel,
      changed: (conversation) => {
        this.library.changed(conversation);
        // A new conversation got its id with the first message; an older one goes on in the background unannounced.
        if (this.session.conversationId === conversation.id) this.router.replace(`#/chat/${conversation.id}`);
      },
    });
    this.router = new Router((route) => {
      if (route.screen === 'chat') this.#sessions.show(route.conversationId);
    });
  }

  /** The conversation on the screen. */
  get session(): ChatSession {
    return this.#sessions.current;
  }

  /** One for all visits of its screen: a run goes on while another screen is looked at. */
  benchmark(): Promise<Benchmark> {
    this.#benchmark ??= import('./make-benchmark').then(
      ({ makeBenchmark }) => makeBenchmark(this),
      (error: unknown) => {
        // The network may be back at the next try.
        this.#benchmark = null;
        throw error;
      },
    );
    return this.#benchmark;
  }

  start(): void {
    this.requests.start();
    this.weights.listen((event) => this.downloads.hear(event));
    this.router.start();
    void this.library.load();
    // The browser may stop a hidden page at any moment, and tells nothing when it does.
    document.addEventListener('visibilitychange', () => {
      if (document.visibilityState === 'hidden') this.#sessions.flush();
    });
    addEventListener('pagehide', () => this.#sessions.flush());
    if (this.platform.workers) void this.#startModels();
  }

  /** Deletes everything Sotto stored on this device. */
  wipe(): Promise<Result<null>> {
    // A download that goes on would write into what is being deleted.
    this.weights.stop();
    return wipeDevice();
  }

  /** Reads the store, which also takes up the downloads that the last visit left unfinished. */
  async #startModels(): Promise<void> {
    const wanted = rememberedModel();
    // The Guide is small: with it loaded, the first question is answered at once, and offline.
    if (wanted === null) void this.activeModel.warmUp();
    await this.shelf.start();
    if (wanted === null || this.activeModel.chosen.id !== guide.id) return;
    const model = this.shelf.models.find(({ id }) => id === wanted);
    // A large model is loaded when it is asked something: it takes memory, and this visit may be for something else.
    if (model) this.activeModel.choose(model);
    else void this.activeModel.warmUp();
  }
}
