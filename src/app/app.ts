import { BenchmarkRun } from '../benchmark/benchmark-run.svelte';
import { SessionPool } from '../chat/session-pool.svelte';
import type { ChatSession } from '../chat/chat-session.svelte';
import { ActiveModel } from '../engine/active-model.svelte';
import { EngineClient } from '../engine/engine-client';
import { Library } from '../library/library.svelte';
import { guide } from '../models/catalogue';
import { HubAddress } from '../models/hub-address.svelte';
import { rememberedModel, rememberModel } from '../models/remembered-model';
import { ModelShelf } from '../models/model-shelf.svelte';
import { WeightsClient } from '../models/weights-client';
import { Appearance } from '../settings/appearance.svelte';
import { ConversationChannel } from '../storage/conversation-channel';
import type { ConversationRepository } from '../storage/conversation-repository';
import { Language } from '../text/language.svelte';
import { m } from '../text/paraglide/messages.js';
import type { Background } from './background.svelte';
import { InstallPrompt } from './install/install-prompt.svelte';
import { Late } from './late.svelte';
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
  readonly install = new InstallPrompt();
  /** Loaded after the first paint. */
  readonly background = new Late<Background>();
  /** A model's address that came from outside, for "Add a model"; taken once. */
  readonly modelAddress = new Late<string>();
  readonly engine: EngineClient;
  readonly hub = new HubAddress();
  readonly weights: WeightsClient;
  readonly shelf: ModelShelf;
  readonly activeModel: ActiveModel;
  readonly library: Library;
  readonly benchmark: BenchmarkRun;
  readonly router: Router;
  readonly platform: {
    readonly crossOriginIsolated: boolean;
    readonly workers: boolean;
    /** False where chats are kept only until the page is closed. */
    readonly persistent: boolean;
    /** False without HTTPS: browsers then withhold half of what Sotto uses. */
    readonly secure: boolean;
  };
  readonly #sessions: SessionPool;

  constructor({ repository, startEngineWorker, startWeightsWorker }: AppParts) {
    this.platform = {
      crossOriginIsolated: globalThis.crossOriginIsolated,
      workers: 'Worker' in globalThis,
      persistent: repository.persistent,
      secure: isSecureContext,
    };
    this.engine = new EngineClient(startEngineWorker);
    this.weights = new WeightsClient(startWeightsWorker, () => ({ hubUrl: this.hub.url }));
    this.shelf = new ModelShelf(this.weights);
    this.activeModel = new ActiveModel(this.engine, (model) => this.shelf.weightsOf(model), guide, rememberModel);
    this.benchmark = new BenchmarkRun(this.activeModel);

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

  /** Whether something goes on in this tab that a reload would cut off. */
  get busy(): boolean {
    return (
      this.#sessions.busy ||
      this.benchmark.phase === 'running' ||
      this.shelf.transfers > 0 ||
      this.activeModel.phase === 'loading'
    );
  }

  /** Whether a person has had something of Sotto: an answer, or a model of their own. */
  get hasBeenOfUse(): boolean {
    const answered = this.session.path.some((message) => message.role === 'assistant' && message.state === 'whole');
    return answered || this.shelf.stored.some(({ state }) => state === 'ready');
  }

  /** Whether there is a model for WebLLM here, or on its way. */
  get wantsGpuEngine(): boolean {
    return (
      this.activeModel.chosen.engine === 'webllm' || this.shelf.stored.some(({ manifest }) => manifest.format === 'mlc')
    );
  }

  /**
   * Called before a newer version is offered, with its `model-libraries.json`; null where it has none. What the models on
   * this device need to run in that version is fetched here. A rejection puts the offer off.
   */
  prepareUpdate: (libraries: unknown) => Promise<void> = () => Promise.resolve();

  /** An empty chat, at once: the address follows. */
  showNewChat(): void {
    this.#sessions.show(null);
  }

  start(): void {
    this.router.start();
    void this.library.load();
    // The browser may stop a hidden page at any moment, and tells nothing when it does.
    document.addEventListener('visibilitychange', () => {
      if (document.visibilityState === 'hidden') this.#sessions.flush();
    });
    addEventListener('pagehide', () => this.#sessions.flush());
    if (this.platform.workers) void this.#startModels();
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
