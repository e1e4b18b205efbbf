import type { ChatSession } from '../chat/chat-session.svelte';
import type { ChatDocuments } from '../chat/documents/documents-port';
import type { Failure } from '../shared/protocol/failure';
import type { ModelDescriptor } from '../shared/domain/model';
import type { Dictation } from '../chat/dictation/dictation.svelte';
import type { ActiveModel } from '../engine/active-model.svelte';
import type { SideEngine } from '../engine/side-engine';
import type { Lab } from '../lab/lab.svelte';
import type { Library } from '../library/library.svelte';
import type { LateLock } from '../lock/late-lock.svelte';
import type { Models } from '../models/models.svelte';
import type { Starter } from '../models/starter.svelte';
import type { Servers } from '../servers/servers.svelte';
import type { Settings } from '../settings/settings';
import type { ChatsStore } from '../storage/chats-store';
import type { PromptCache } from '../storage/prompt-cache';
import type { LatePart } from '../ui/late-part.svelte';
import type { InstallPrompt } from './install/install-prompt.svelte';
import type { Notices } from './notices.svelte';
import type { Router } from './router.svelte';

/** The app as those of its parts see it that are loaded later. The app loads them, so it cannot be imported by them in turn. */
export interface RunningApp {
  readonly notices: Notices;
  readonly router: Router;
  readonly chats: ChatsStore;
  readonly lock: LateLock;
  readonly library: Library;
  readonly models: Models;
  readonly settings: Settings;
  readonly activeModel: ActiveModel;
  readonly install: InstallPrompt;
  readonly starter: LatePart<Starter>;
  readonly lab: LatePart<Lab>;
  readonly dictation: LatePart<Dictation>;
  readonly servers: LatePart<Servers>;
  readonly documents: LatePart<ChatDocuments>;
  readonly sideEngine: LatePart<SideEngine>;
  readonly platform: { readonly secure: boolean };
  /** The conversation on the screen. */
  readonly session: ChatSession;
  readonly busy: boolean;
  readonly isAnswering: boolean;
  readonly awaitsAnswer: boolean;
  useModel(model: ModelDescriptor, unasked?: boolean): Promise<void>;
  showNewChat(): void;
  settle(): Promise<void>;
  tell(failure: Failure, subject?: string): Promise<void>;
  attempt(work: () => Promise<void>): Promise<void>;
  promptCache(): Promise<PromptCache>;
}
