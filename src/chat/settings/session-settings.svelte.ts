import type { ChatSettings } from '../../shared/domain/chat-settings';
import type { Conversation } from '../../shared/domain/conversation';
import { FailureError, failureFrom, type Failure } from '../../shared/protocol/failure';
import type { Persona, PersonaId } from '../../shared/domain/persona';
import type { SettingsLayers } from './resolve-settings';

export interface SettingsSources {
  /** What is set for all conversations. */
  readonly defaults: { readonly current: ChatSettings; load(): Promise<Failure | null> };
  /** Null when a persona is gone. Rejects where it could not be read. */
  readonly personaOf?: ((id: PersonaId) => Promise<Persona | null>) | undefined;
}

/** What is wrong with all of the store is told as that. */
const unreadable = ({ kind, technical }: Failure): FailureError =>
  new FailureError({
    kind: kind === 'storage-unavailable' || kind === 'unexpected' ? 'settings-unreadable' : kind,
    technical,
  });

type Fields = Pick<Conversation, 'settings' | 'personaId'>;

/** What one conversation sets for itself, and what it takes from its persona and the defaults. */
export class SessionSettings {
  #own = $state.raw<ChatSettings>({});
  #personaId = $state.raw<PersonaId | null>(null);
  #persona = $state.raw<Persona | null>(null);
  /** Why the persona could not be read. */
  #unread: Failure | null = null;
  #loading: Promise<void> = Promise.resolve();

  constructor(private readonly sources: SettingsSources) {}

  /** What differs here from the persona and the defaults. */
  get own(): ChatSettings {
    return this.#own;
  }
  get personaId(): PersonaId | null {
    return this.#personaId;
  }
  /** Null for none, and while it is being read. */
  get persona(): Persona | null {
    return this.#persona;
  }
  /** The nearest first. */
  get layers(): SettingsLayers {
    return { conversation: this.#own, persona: this.#persona?.settings, defaults: this.sources.defaults.current };
  }
  /** As they are stored with the conversation. */
  get fields(): Fields {
    return {
      ...(Object.keys(this.#own).length > 0 && { settings: this.#own }),
      ...(this.#personaId !== null && { personaId: this.#personaId }),
    };
  }

  change(own: ChatSettings): void {
    this.#own = own;
  }

  choosePersona(id: PersonaId | null): void {
    if (id === this.#personaId) return;
    this.#personaId = id;
    this.#persona = null;
    this.#loading = this.#readPersona(id);
  }

  /** Takes up what is stored. */
  read({ settings = {}, personaId }: Fields): void {
    this.#own = settings;
    this.choosePersona(personaId ?? null);
  }

  /**
   * Resolves when persona and defaults are known: an answer must not be written without them.
   * @throws FailureError `settings-unreadable`, or what is wrong with the store or the network; the next call tries again
   */
  async ready(): Promise<void> {
    if (this.#unread !== null) this.#loading = this.#readPersona(this.#personaId);
    const [failure] = await Promise.all([this.sources.defaults.load(), this.#loading]);
    const unread = failure ?? this.#unread;
    if (unread !== null) throw unreadable(unread);
  }

  /** Never rejects: nobody may be waiting. */
  async #readPersona(id: PersonaId | null): Promise<void> {
    this.#unread = null;
    try {
      const persona = id === null ? null : ((await this.sources.personaOf?.(id)) ?? null);
      if (this.#personaId === id) this.#persona = persona;
    } catch (error) {
      if (this.#personaId === id) this.#unread = failureFrom(error);
    }
  }
}
