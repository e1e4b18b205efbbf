import { getContext, setContext, type Snippet } from 'svelte';
import type { MessageId } from '../shared/domain/conversation';
import type { ThinkingMode } from '../shared/domain/catalog';
import type { ModelDescriptor } from '../shared/domain/model';
import type { Failure } from '../shared/protocol/failure';
import type { ActiveModel } from '../engine/active-model.svelte';
import type { CurrentTransfer } from '../models/shelf/stored-models';
import type { LatePart } from '../ui/late-part.svelte';
import type { ChatSession } from './chat-session.svelte';
import type { Dictation } from './dictation/dictation.svelte';
import type { DocumentsPort } from './documents/documents-port';
import type { Personas } from '../settings/personas/personas.svelte';

interface Notice {
  readonly text: string;
  readonly action?: { readonly label: string; readonly run: () => void };
}

/** What the parts of the chat screen need of the app around them. */
export interface ChatHost {
  readonly session: ChatSession;
  readonly activeModel: ActiveModel;
  /** Those on this device. */
  readonly models: readonly ModelDescriptor[];
  goTo(hash: string): void;
  notify(notice: Notice): void;
  /** Whether the model in use thinks, and whether that can be chosen. */
  thinkingOf(model: ModelDescriptor): Promise<ThinkingMode>;
  /** Leads from the Guide to a larger model. @see guideDeclines for where it stands. The input: whether a question waits. */
  readonly starter: Snippet<[boolean]>;
  /** The personas, read. */
  personas(): Promise<Personas>;
  /** The first screen is drawn: what nobody has asked for may come. */
  readonly settled: boolean;
  /** Turns speech into words, from the first wish for it on. */
  readonly dictation: LatePart<Dictation>;
  /** Does what a person asked for; why it could not be done is said. */
  attempt(work: () => Promise<void>): void;
  /** The person's own files. */
  readonly documents: DocumentsPort;
  /** Takes the question of an answer to where models are compared. */
  testInLab(answerId: MessageId): void;
  /** Why the browser can run no model at all; null where it can. */
  readonly obstacle: Failure | null;
  /** The download to tell of; null when there is none. */
  readonly transfer: CurrentTransfer | null;
}

/** Opens the settings of the conversation; with an answer's id, those for one more answer to the same question. */
type OpenSettings = (answerId: string | null) => void;

const key = Symbol('chat host');

export const setChatHost = (host: ChatHost): ChatHost => setContext(key, host);
export const useChatHost = (): ChatHost => getContext<ChatHost>(key);

const settingsKey = Symbol('chat settings');

export const setOpenSettings = (open: OpenSettings): OpenSettings => setContext(settingsKey, open);
export const useOpenSettings = (): OpenSettings => getContext<OpenSettings>(settingsKey);
