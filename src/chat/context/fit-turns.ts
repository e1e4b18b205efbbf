/** Which turns are left out when a conversation has outgrown the window. Pure. */
import type { ChatTurn } from '../../shared/protocol/engine';

export interface SizedTurn<Turn extends ChatTurn = ChatTurn> {
  readonly turn: Turn;
  readonly tokens: number;
}

/** Cut back further than to the limit, so that the next question does not have to be cut again, and the KV cache stays of use. */
export const headroom = 0.75;

/** Room for the answer: what it may be, but not more than a quarter of the window. */
export const answerRoom = (contextTokens: number, maxTokens: number | undefined): number =>
  Math.min(maxTokens ?? 512, Math.floor(contextTokens / 4));

const total = (turns: readonly SizedTurn[]): number => turns.reduce((sum, { tokens }) => sum + tokens, 0);

/** A question goes with its answer: the first turn that stays is a question. What is asked now always stays. */
const mustStay = (turns: readonly SizedTurn[]): number => (turns.at(-1)?.turn.role === 'assistant' ? 2 : 1);

/**
 * How many of the oldest turns must go so that the rest fits.
 * @param turns without the system prompt, whose tokens are `systemTokens`
 * @returns 0 where all fit; null where even the last question alone is too long
 */
export function turnsToLeaveOut(
  turns: readonly SizedTurn[],
  systemTokens: number,
  contextTokens: number,
  room: number,
): number | null {
  const limit = contextTokens - room;
  if (systemTokens + total(turns) <= limit) return 0;
  const target = limit * headroom;
  const most = turns.length - mustStay(turns);
  let least: number | null = null;
  for (let out = 1; out <= most; out += 1) {
    if (turns[out]?.turn.role !== 'user') continue;
    const tokens = systemTokens + total(turns.slice(out));
    if (tokens <= limit) least = out;
    if (tokens <= target) return out;
  }
  return least;
}
