/** Tokens of a text where the engine cannot count them: a guess, and always shown as one. */
import type { AnswerMessage, Message } from '../../shared/domain/conversation';
import { estimateTokens } from '../../shared/domain/estimate-tokens';

export { estimateTokens };

/** What a chat template puts around a turn. */
const tokensAroundTurn = 6;

export const estimateTurn = (text: string): number => estimateTokens(text) + tokensAroundTurn;

const answersLookedAt = 5;
/** A short answer says little about the tokenizer. */
const fewTokens = 20;

/**
 * How many tokens of this model come to one that is guessed, seen from its own answers in the conversation; 1 where there are none.
 * A model with a small vocabulary needs twice as many as others.
 */
export function tokenFactor(branch: readonly Message[], modelId: string): number {
  const told = branch
    .filter((message): message is AnswerMessage => message.role === 'assistant' && message.modelId === modelId)
    .filter(({ edited, continued }) => !edited && !continued)
    .filter(({ figures }) => (figures?.completionTokens ?? 0) >= fewTokens)
    .slice(-answersLookedAt);
  const counted = told.reduce((sum, { figures }) => sum + (figures?.completionTokens ?? 0), 0);
  const guessed = told.reduce((sum, { text }) => sum + estimateTokens(text), 0);
  return guessed === 0 ? 1 : Math.min(4, Math.max(0.4, counted / guessed));
}
