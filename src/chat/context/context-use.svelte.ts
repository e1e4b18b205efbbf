import type { LoadedModel } from '../../shared/protocol/engine';
import type { ActiveModel } from '../../engine/active-model.svelte';
import type { ChatSession } from '../chat-session.svelte';
import { shownTo, turnsOf } from '../prompt';
import { nextQuestion } from '../question';
import { resolveSettings } from '../settings/resolve-settings';
import { ConversationSize } from './conversation-size.svelte';
import type { PromptSize } from './prompt-size';
import { mediaOf, takesMedia } from './turn-media';

/** Nothing is counted while a person types. */
const restMs = 400;

/** How full the context window is: counted by the engine where it can, else a guess on top of what it counted before. */
export class ContextUse {
  #counted = $state.raw<{ readonly key: string; readonly tokens: number } | null>(null);
  /** Engines that cannot count, so that they are not asked with every pause. */
  readonly #cannot = new WeakSet<LoadedModel>();
  readonly #guess: ConversationSize;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly session: ChatSession,
    private readonly model: ActiveModel,
  ) {
    this.#guess = new ConversationSize(session, model);
  }

  /** If the draft were sent now. */
  get size(): PromptSize {
    const counted = this.#counted;
    if (counted?.key === this.#key) return { tokens: counted.tokens, exact: true };
    return this.#guess.with(this.session.draft, this.session.files.ready);
  }

  /** Asks the engine when nothing has changed for a moment. @returns a function that ends it */
  watch(): () => void {
    const key = this.#key;
    const { loaded } = this.model;
    if (loaded === null || this.#cannot.has(loaded) || this.session.phase !== 'idle') return () => {};
    this.#timer = setTimeout(() => void this.#count(key, loaded), restMs);
    return () => clearTimeout(this.#timer);
  }

  get #key(): string {
    const { draft, files, path, settings } = this.session;
    const used = files.ready.map(({ id, usedCharacters }) => `${id}:${usedCharacters}`).join();
    const { chosen } = this.model;
    const { systemPrompt } = resolveSettings(settings.layers, chosen);
    return JSON.stringify([chosen.id, path.at(-1)?.id, path.length, draft, used, systemPrompt]);
  }

  async #count(key: string, loaded: LoadedModel): Promise<void> {
    const { draft, files, written, settings } = this.session;
    const { ready } = files;
    const isAsked = draft.trim() !== '' || ready.length > 0;
    const branch = isAsked ? [...written, nextQuestion(this.session, draft, ready)] : written;
    const { chosen } = this.model;
    const { systemPrompt } = resolveSettings(settings.layers, chosen);
    const shown = shownTo(chosen, branch);
    const turns = turnsOf(shown, false, {
      systemPrompt,
      fileTexts: await this.session.fileTexts(ready),
      ...(takesMedia(this.model) && { media: await mediaOf(this.session, shown, ready, this.model) }),
    });
    if (turns.length === 0) return;
    const counted = await this.model.client.countTokens(turns);
    if (!counted.ok) return;
    if (counted.value === null) this.#cannot.add(loaded);
    else this.#counted = { key, tokens: counted.value };
  }
}
