import type { ActiveModel } from '../../engine/active-model.svelte';
import type { Message } from '../../shared/domain/conversation';
import type { PendingFile } from '../files/pending-file.svelte';
import type { SessionSettings } from '../settings/session-settings.svelte';
import { lastExchanges, turnsOf } from '../prompt';
import { resolveSettings } from '../settings/resolve-settings';
import { estimateTurn, tokenFactor } from './estimate-tokens';
import { tokensOfFile, type TokenScale } from './file-tokens';
import { estimateOf, promptSize, type PromptSize } from './prompt-size';
import { guessedMedia, hears, mostOfPicture, sees, takesMedia } from './turn-media';

/** A conversation as far as its length depends on it. */
export interface SizedConversation {
  readonly written: readonly Message[];
  readonly settings: Pick<SessionSettings, 'layers'>;
}

/** How long the prompts of a conversation are. What was said before is gone through once, not with every letter that is typed. */
export class ConversationSize {
  readonly #factor = $derived.by(() => tokenFactor(this.session.written, this.model.chosen.id));
  readonly #past = $derived.by(() => {
    const { written, settings } = this.session;
    const { chosen } = this.model;
    const { systemPrompt } = resolveSettings(settings.layers, chosen);
    const { recalledQuestions } = chosen;
    const parts = { systemPrompt, ...(takesMedia(this.model) && { media: guessedMedia(this.model) }) };
    if (recalledQuestions === undefined) return promptSize(written, turnsOf(written, false, parts), chosen.id);
    // Guessed: what the engine counted last held a question that the next prompt does not.
    const turns = turnsOf(lastExchanges(written, recalledQuestions), false, parts);
    return { tokens: Math.ceil(estimateOf(turns, this.#factor)), exact: false };
  });

  constructor(
    private readonly session: SizedConversation,
    private readonly model: ActiveModel,
  ) {}

  get scale(): TokenScale {
    return { factor: this.#factor, mostOfPicture: mostOfPicture(this.model) };
  }

  /** If this were sent now. */
  with(text: string, files: readonly PendingFile[]): PromptSize {
    if (text.trim() === '' && files.length === 0) return this.#past;
    const words = Math.ceil(estimateTurn(text) * this.#factor);
    // One that is not seen or heard is a line of words.
    const sent = files.filter(({ picture, sound }) => (!picture || sees(this.model)) && (!sound || hears(this.model)));
    const inFiles = sent.map((file) => tokensOfFile(file, file.usedCharacters, this.scale));
    return { tokens: inFiles.reduce((sum, tokens) => sum + tokens, this.#past.tokens + words), exact: false };
  }
}
