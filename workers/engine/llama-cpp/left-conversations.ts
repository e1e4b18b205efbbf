/**
 * When llama.cpp turns to another conversation it keeps the KV cache of the one it leaves, so that coming back costs nothing.
 * It does so up to 8 GiB, which is more than there is, and wllama has no switch for it. So what it keeps is estimated here, and
 * the model is started anew before it becomes too much, at a moment when nothing of the cache would be reused anyway.
 */
import type { ChatTurn } from '../../../src/shared/protocol/engine';

/** Pictures and sounds by their length, which is enough for an estimate: llama.cpp looks at the bytes. */
const isSame = (turn: ChatTurn, other: ChatTurn | undefined): boolean =>
  turn.content === other?.content &&
  turn.media?.length === other.media?.length &&
  (turn.media ?? []).every(({ blob }, index) => blob.size === other.media?.[index]?.blob.size);

export class LeftConversations {
  #turns: readonly ChatTurn[] = [];
  #tokens = 0;
  #keptTokens = 0;

  constructor(
    private readonly bytesPerToken: number,
    private readonly mostBytes: number,
  ) {}

  /** Whether these turns begin another conversation, and what is kept of the others has become too much. */
  areTooMany(turns: readonly ChatTurn[]): boolean {
    return !this.#goesOn(turns) && (this.#keptTokens + this.#tokens) * this.bytesPerToken > this.mostBytes;
  }

  /** After an answer: how long the conversation is now, and how much of its prompt was in the cache. */
  note(turns: readonly ChatTurn[], tokens: number, reusedTokens: number): void {
    // llama.cpp keeps what shares less than half with its successor. What it brought back from there is no longer kept twice.
    if (reusedTokens * 2 < this.#tokens) this.#keptTokens += this.#tokens;
    this.#tokens = tokens;
    this.#turns = turns;
  }

  #goesOn(turns: readonly ChatTurn[]): boolean {
    const before = this.#turns.findLastIndex((turn) => turn.role === 'user') + 1;
    return this.#turns.slice(0, before).every((turn, index) => isSame(turn, turns[index]));
  }
}
