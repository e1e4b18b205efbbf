/** How long a prompt is: from the figures of the last answer where they tell, guessed where they do not. Pure. */
import type { AnswerMessage, Message } from '../../shared/domain/conversation';
import type { ChatTurn } from '../../shared/protocol/engine';
import type { Failure } from '../../shared/protocol/failure';
import { splitThinking } from '../../shared/domain/thinking';
import { estimateTokens, estimateTurn, tokenFactor } from './estimate-tokens';

export interface PromptSize {
  readonly tokens: number;
  /** Counted by the engine, all of it. */
  readonly exact: boolean;
}

/** A guess may be this wrong; only beyond it a question is refused without asking the engine. */
const doubt = 1.3;

export const isTooLong = ({ tokens, exact }: PromptSize, contextTokens: number): boolean =>
  tokens > contextTokens * (exact ? 1 : doubt);

export const contextExceeded = ({ tokens, exact }: PromptSize, contextTokens: number): Failure => ({
  kind: 'context-exceeded',
  technical: `${tokens} tokens, ${exact ? 'counted' : 'estimated'}`,
  numbers: { promptTokens: tokens, contextTokens },
});

const mediaTokens = ({ media = [] }: ChatTurn): number => media.reduce((sum, { tokens = 0 }) => sum + tokens, 0);

/** @param factor see `tokenFactor`; it tells of words, and not of pictures */
export const estimateOf = (turns: readonly ChatTurn[], factor = 1): number =>
  turns.reduce((sum, turn) => sum + estimateTurn(turn.content) * factor + mediaTokens(turn), 0);

/** What lay in the engine's memory when an answer had been written: its prompt and itself. Null where that is not known. */
function countedWith({ figures, edited, context, places, state }: AnswerMessage): number | null {
  // The passages of an earlier question are not sent again.
  if (!figures || edited || context || places || state !== 'whole') return null;
  return figures.promptTokens + figures.reusedTokens + figures.completionTokens;
}

/**
 * @param branch what the turns were made of, in its order
 * @param turns all of the prompt, the system prompt included
 */
export function promptSize(branch: readonly Message[], turns: readonly ChatTurn[], modelId: string): PromptSize {
  const factor = tokenFactor(branch, modelId);
  // One that was stopped before its first word was counted with nothing, or with what came before it.
  const last = branch.findLast(
    (message) => message.role === 'assistant' && splitThinking(message.text, false).answer.trim() !== '',
  );
  const counted = last?.role === 'assistant' && last.modelId === modelId ? countedWith(last) : null;
  if (counted === null || last?.role !== 'assistant')
    return { tokens: Math.ceil(estimateOf(turns, factor)), exact: false };
  // Its thoughts are not sent back.
  const { thinking } = splitThinking(last.text, false);
  const thought = thinking === null ? 0 : Math.ceil(estimateTokens(thinking) * factor);
  // Whatever was asked since is one turn.
  const asked = turns.at(-1);
  const added = asked?.role === 'user' ? Math.ceil(estimateOf([asked], factor)) : 0;
  return { tokens: Math.max(1, counted - thought) + added, exact: thought === 0 && added === 0 };
}
