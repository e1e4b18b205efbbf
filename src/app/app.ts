import { SessionPool } from '../chat/session-pool.svelte';
import { AnswerDefaults } from '../chat/settings/answer-defaults.svelte';
import type { ChatSession } from '../chat/chat-session.svelte';
import type { ThinkingMode } from '../shared/domain/catalog';
import type { ConversationId, MessageId } from '../shared/domain/conversation';
import { failureFrom, type Failure } from '../shared/protocol/failure';
import { lackFailure, wasmLack } from '../shared/platform/wasm-features';
import { isServed, type ModelDescriptor } from '../shared/domain/model';
import { ActiveModel } from '../engine/active-model.svelte';
import { EngineClient } from '../engine/engine-client';
import type { SideEngine } from '../engine/side-engine';
import { Library } from '../library/library.svelte';
import { LateLock } from '../lock/late-lock.svelte';
import { Models } from '../models/models.svelte';
import { guide } from '../models/shelf/guide';
import { rememberedModel, rememberModel } from '../models/shelf/remembered-model';
import { Settings } from '../settings/settings';
import type { ChatsStore } from '../storage/chats-store';
import { ConversationChannel } from '../storage/conversation-channel';
import { DraftKeeper } from '../storage/draft-keeper';
import type { PromptCache } from '../storage/prompt-cache';
import type { Language } from '../text/language.svelte';
import { m } from '../text/paraglide/messages.js';
import { partFailureText } from '../text/part-failure-text';
import { LatePart } from '../ui/late-part.svelte';
import { loadPart } from '../ui/load-part';
import { InstallPrompt } from './install/install-prompt.svelte';
import { Keyboard } from './keyboard.svelte';
import { Notices } from './notices.svelte';
import { Router } from './router.svelte';

interface AppParts {
  readonly language: Language;
  readonly chats: ChatsStore;
  /** Settled when the screen that was opened by its address is there. */
  readonly screenReady: Promise<void>;
  readonly startEngineWorker: () => Worker;
  readonly startWeightsWorker: () => Worker;
}

/** Found without loading anything, so that nobody asks a question that cannot be answered. */
function obstacleHere(): Failure | null {
  if (!('Worker' in globalThis)) return { kind: 'workers-unavailable', technical: 'Worker is missing' };
  const lack = wasmLack();
  return lack && lackFailure(lack);
}

/** Everything there is one of, put together. Components get it by context and hold no state that outlives them. */
export class App {
  readonly notices = new Notices();
  readonly language: Language;
  readonly keyboard = new Keyboard();
  readonly answerDefaults: AnswerDefaults;
  readonly install = new InstallPrompt();
  readonly engine: EngineClient;
  readonly models: Models;
  readonly activeModel: ActiveModel;
  readonly chats: ChatsStore;
  readonly library: Library;
  readonly router: Router;
  readonly settings: Settings;
  readonly platform: {
    /** Why no model can run in this browser; null where one can. */
    readonly obstacle: Failure | null;
    /** False where chats are kept only until the page is closed. */
    readonly persistent: boolean;
    /** False without HTTPS: browsers then withhold half of what Sotto uses. */
    readonly secure: boolean;
  };
  readonly lock: LateLock;
  /** Settled when the first screen is there: what it waits for has the line for itself. */
  readonly screenReady: Promise<void>;
  readonly #sessions: SessionPool;
  /** Begins after the first paint. */
  readonly background = new LatePart(async () =>
    (await loadPart(() => import('./background.svelte'))).startBackground(this),
  );
  /** What leads from the Guide to a larger model. */
  readonly starter = new LatePart(async () => (await loadPart(() => import('./make-starter'))).makeStarter(this));
  readonly benchmark = new LatePart(async () => (await loadPart(() => import('./make-benchmark'))).makeBenchmark(this));
  /** Servers of the person's own that answer for models. */
  readonly servers = new LatePart(async () => (await loadPart(() => import('./make-servers'))).makeServers(this));
  /** A second engine worker: for vectors of texts, and speech. */
  readonly sideEngine: LatePart<SideEngine>;
  /** Speech that becomes words. */
  readonly dictation = new LatePart(async () => (await loadPart(() => import('./make-dictation'))).makeDictation(this));
  /** Collections of files that answers may draw on. */
  readonly documents = new LatePart(async () => (await loadPart(() => import('./make-documents'))).makeDocuments(this));
  readonly lab = new LatePart(async () => (await loadPart(() => import('./make-lab'))).makeLab(this));

  constructor({ language, chats, screenReady, startEngineWorker, startWeightsWorker }: AppParts) {
    this.language = language;
    this.platform = {
      obstacle: obstacleHere(),
      persistent: chats.persistent,
      secure: isSecureContext,
    };
    this.chats = chats;
    this.screenReady = screenReady;
    this.lock = new LateLock(chats.lock, async (storage) =>
      (await loadPart(() => import('./make-lock'))).makeLock(this, storage),
    );
    this.engine = new EngineClient(startEngineWorker, () => chats.lock?.vault.sealing ?? null);
    this.sideEngine = new LatePart(async () => {
      const { SideEngine: Engine } = await loadPart(() => import('../engine/side-engine'));
      return new Engine(startEngineWorker);
    });
    this.models = new Models(startWeightsWorker);
    const { shelf } = this.models;
    this.activeModel = new ActiveModel(
      this.engine,
      (model) => shelf.weightsOf(model),
      shelf.guide,
      rememberModel,
      async () =>
        (await loadPart(() => import('./make-careful-load'))).makeCarefulLoad(this.engine, shelf, () =>
          this.servers.open(),
        ),
    );
    this.settings = new Settings({
      repository: chats.personas,
      language,
      failed: (failure) => void this.tell(failure),
    });

    const channel = new ConversationChannel();
    this.answerDefaults = new AnswerDefaults(chats.defaults, (failure) => void this.tell(failure));
    const drafts = new DraftKeeper(chats.drafts, {
      changed: (id, draft) => this.library.draftChanged(id, draft),
      failed: (failure) => void this.tell(failure),
    });
    this.library = new Library({
      store: chats,
      channel,
      removing: (id) => this.#sessions.close(id),
      removed: (records, undo) => {
        // At once: a reload must not lead to a chat that is gone, whenever the words for it come.
        const shown = this.session.conversationId;
        if (records.some(({ conversation }) => conversation.id === shown)) this.router.goTo('#/chat');
        this.#notice(({ tellRemoved }) => tellRemoved(this, records, undo));
      },
      archived: (count, undo) => this.#notice(({ tellArchived }) => tellArchived(this, count, undo)),
      imported: (ids) => this.#sessions.refresh(ids),
      settle: () => this.settle(),
      failed: (failure) => void this.tell(failure),
    });
    this.#sessions = new SessionPool({
      repository: chats.conversations,
      channel,
      model: this.activeModel,
      settings: {
        defaults: this.answerDefaults,
        personaOf: async (id) => (await this.settings.personas.open()).find(id),
      },
      attachments: chats.attachments,
      documents: this.documents,
      drafts,
      changed: (conversation) => {
        this.library.changed(conversation);
        // A new conversation got its id with the first message; an older one goes on in the background unannounced. Whoever looks
        // at another screen stays there.
        const { screen } = this.router.route;
        if (screen === 'chat' && this.session.conversationId === conversation.id)
          this.router.replace(`#/chat/${conversation.id}`);
      },
      answered: (answer, turns) => {
        void loadPart(() => import('./after-answer'))
          .then(({ afterAnswer }) => afterAnswer(this, answer, turns))
          .catch(() => {});
      },
      temporaryLeft: (bringBack) => this.#notice(({ tellTemporaryLeft }) => tellTemporaryLeft(this, bringBack)),
      isAwaited: (session) => this.dictation.value?.awaits(session) === true,
    });
    chats.onClosed = () => {
      this.#sessions.lookAgain();
      void this.library.load();
    };
    this.router = new Router((route) => {
      if (route.screen !== 'chat') return;
      const { conversationId, messageId } = route;
      if (conversationId === null || messageId === null) this.#sessions.show(conversationId);
      else void this.#showMessage(conversationId, messageId);
    });
  }

  async #showMessage(id: ConversationId, messageId: MessageId): Promise<void> {
    const shown = await this.#sessions.showMessage(id, messageId);
    if (!shown) this.#notice(({ tellBranchBusy }) => tellBranchBusy(this));
    // A reload must not lead back to a branch that has been left since.
    if (this.session.conversationId === id) this.router.replace(`#/chat/${id}`);
  }

  /** The conversation on the screen. */
  get session(): ChatSession {
    return this.#sessions.current;
  }

  /** Takes a model into use, and gives it the question that the Guide has left to a larger one. */
  useModel(model: ModelDescriptor, unasked = false): Promise<void> {
    return this.attempt(async () => (await loadPart(() => import('./use-model'))).useModel(this, model, unasked));
  }

  /** Whether something goes on in this tab that a reload would cut off. */
  get busy(): boolean {
    return (
      this.#sessions.busy ||
      this.dictation.value?.busy === true ||
      (this.benchmark.value !== null && this.benchmark.value.phase !== null) ||
      (this.lab.value !== null && this.lab.value.runningId !== null) ||
      this.models.shelf.transfers > 0 ||
      this.activeModel.phase === 'loading'
    );
  }

  /** Whether an answer is being written in the chat on the screen. */
  get isAnswering(): boolean {
    return this.session.phase !== 'idle';
  }

  /** Whether a model is on its way into memory, or an answer is being written. */
  get awaitsAnswer(): boolean {
    return this.activeModel.phase === 'loading' || this.#sessions.busy;
  }

  /** Stores what is typed or being written. Never rejects. */
  async settle(): Promise<void> {
    await this.dictation.value?.settle();
    await this.#sessions.flush();
  }

  /** An empty chat, at once: the address follows. */
  showNewChat(): void {
    this.#sessions.show(null);
  }

  start(): void {
    this.router.start();
    void this.library.load();
    // The browser may stop a hidden page at any moment, and tells nothing when it does.
    document.addEventListener('visibilitychange', () => {
      if (document.visibilityState === 'hidden') void this.#sessions.flush();
    });
    addEventListener('pagehide', () => void this.#sessions.flush());
    if ('Worker' in globalThis) void this.#startModels();
  }

  /** What models have read of chats and the engine keeps. */
  async promptCache(): Promise<PromptCache> {
    const { PromptCache: Cache } = await loadPart(() => import('../storage/prompt-cache'));
    return new Cache();
  }

  async #tellOfLoads(): Promise<void> {
    await (
      await loadPart(() => import('./load-notices'))
    ).tellOfLoads(this.models.shelf, this.notices, () => this.router.goTo('#/models'));
  }

  /**
   * Says in a notice what went wrong. The words for most failures are not part of the first load; where they cannot be had, it
   * is said that something did. Never rejects.
   * @param subject what it is about, such as the name of a file
   */
  async tell(failure: Failure, subject?: string): Promise<void> {
    const text =
      partFailureText(failure) ??
      (await loadPart(() => import('../text/failure-text')).then(
        ({ failureText }) => failureText(failure),
        () => null,
      ));
    const words = text ? `${text.title}. ${text.nextStep}` : m.failure_words_missing();
    this.notices.show({ text: subject === undefined ? words : `${subject}: ${words}` });
  }

  /** Does what a person asked for; why it could not be done is said. */
  async attempt(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      await this.tell(failureFrom(error));
    }
  }

  #notice(tell: (notices: typeof import('./chat-notices')) => void): void {
    void this.attempt(async () => tell(await loadPart(() => import('./chat-notices'))));
  }

  /** Whether a model thinks before it answers, as far as the catalog or its name tells. */
  async thinkingOf(model: ModelDescriptor): Promise<ThinkingMode> {
    if (model.source.kind === 'built-in') return 'none';
    const { thinkingMode } = await loadPart(() => import('../models/load/thinking-mode'));
    return thinkingMode(model);
  }

  /** Reads the store, which also takes up the downloads that the last visit left unfinished. */
  async #startModels(): Promise<void> {
    const { shelf } = this.models;
    const wanted = rememberedModel();
    // The Guide is small: with it loaded, the first question is answered at once, and offline.
    const warmUp = (): void => {
      if (this.platform.obstacle === null) void this.screenReady.then(() => this.activeModel.warmUp());
    };
    if (wanted === null) warmUp();
    if (wanted !== null && isServed(wanted)) await this.servers.open().catch(() => {});
    await shelf.start();
    // What the last visit left to tell can wait for the next one.
    void this.#tellOfLoads().catch(() => {});
    if (wanted === null || this.activeModel.chosen.id !== guide.id) return;
    const model = shelf.models.find(({ id }) => id === wanted);
    // A large model is loaded when it is asked something: it takes memory, and this visit may be for something else.
    if (model) this.activeModel.choose(model);
    else warmUp();
  }
}
