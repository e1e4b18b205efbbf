/** Tokens of a text where the engine cannot count them: a guess, and always shown as one. */
import type { AnswerMessage, Message } from '../../shared/domain/conversation';

/** What a chat template puts around a turn. */
const tokensAroundTurn = 6;

/** Characters of a token: a Chinese one is often a token of its own, four Latin ones make one. */
const perToken = { wide: 1.5, other: 3.8 };

/** By characters alone; most tokenizers of today are within a third of it. */
export function estimateTokens(text: string): number {
  let wide = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code >= 0x2e80 && code <= 0xffef) wide += 1;
  }
  return Math.ceil(wide / perToken.wide + (text.length - wide) / perToken.other);
}

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
