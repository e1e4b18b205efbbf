import type { AnswerMessage, ConversationId } from '../shared/domain/conversation';
import type { ChatTurn } from '../shared/protocol/engine';
import { splitThinking } from '../shared/domain/thinking';
import type { ActiveModel } from '../engine/active-model.svelte';
import { titleFrom, titleQuestion } from './title-words';

/** How long nothing may happen after an answer before the model is asked for a title, in ms. */
const restMs = 1200;
/** A title has fewer; more is a model that goes on talking. */
const maxTokens = 40;
/** After so many turns a person knows the conversation by its first line. */
const mostTurns = 5;

interface TitleProposerParts {
  readonly model: ActiveModel;
  readonly enabled: () => boolean;
  /** Stores a title unless somebody has named the conversation meanwhile. */
  readonly save: (id: ConversationId, title: string) => Promise<void>;
}

/** What follows the thoughts. */
const answerOf = (text: string): string => splitThinking(text, false).answer;

/**
 * Lets the model that has just answered name the conversation, while nobody wants anything else of it. The question for the title
 * is put behind the conversation itself, so what the engine has read of it is of use for the next question, too.
 */
export class TitleProposer {
  constructor(private readonly parts: TitleProposerParts) {}

  /** @param turns what the answer was an answer to */
  async answered(answer: AnswerMessage, turns: readonly ChatTurn[]): Promise<void> {
    const { model, enabled } = this.parts;
    // The Guide answers questions about Sotto, and this is none; a server gets only what a person asks it.
    const canName = (): boolean =>
      enabled() &&
      model.loaded?.modelId === answer.modelId &&
      !['built-in', 'server'].includes(model.chosen.source.kind);
    if (turns.length > mostTurns || answer.finishReason !== 'stop' || !canName()) return;
    await new Promise((resolve) => setTimeout(resolve, restMs));
    if (canName()) await model.inBackground((signal) => this.#ask(answer, turns, signal));
  }

  async #ask(answer: AnswerMessage, turns: readonly ChatTurn[], signal: AbortSignal): Promise<void> {
    const { model, save } = this.parts;
    const jobId = `title:${answer.id}`;
    signal.addEventListener('abort', () => void model.client.cancel(jobId));
    const firstQuestion = turns.find(({ role }) => role === 'user')?.content ?? '';
    let text = '';
    const result = await model.client.generate(
      {
        jobId,
        turns: [
          ...turns,
          { role: 'assistant', content: answerOf(answer.text) },
          { role: 'user', content: titleQuestion(firstQuestion) },
        ],
        sampling: { ...model.chosen.sampling, temperature: 0.2, maxTokens },
        thinking: 'off',
      },
      (event) => {
        if (event.type === 'text') text += event.text;
      },
    );
    if (!result.ok || signal.aborted || result.value.finishReason !== 'stop') return;
    const title = titleFrom(answerOf(text));
    if (title !== null) await save(answer.conversationId, title);
  }
}
