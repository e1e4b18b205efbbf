/** What stands under an answer: only what was measured. */
import { describe, expect, it } from 'vitest';
import { allFigures } from '../../src/chat/turns/all-figures';
import { answerFigures } from '../../src/chat/turns/answer-figures';
import type { AnswerMessage } from '../../src/shared/domain/conversation';
import type { GenerationFigures } from '../../src/shared/protocol/engine';

const answer = (text: string, figures: GenerationFigures, more: Partial<AnswerMessage> = {}): AnswerMessage => ({
  role: 'assistant',
  id: 'a',
  conversationId: 'c',
  parentId: 'q',
  createdAt: 1,
  text,
  state: 'whole',
  finishReason: 'stop',
  modelId: 'm',
  modelName: 'Qwen',
  backend: 'llama.cpp · cpu',
  figures,
  ...more,
});
const figures = { promptTokens: 12, reusedTokens: 30, completionTokens: 5, timeToFirstTokenMs: 250, decodeMs: 400 };
const none = { promptTokens: 0, reusedTokens: 0, completionTokens: 0, timeToFirstTokenMs: 0, decodeMs: 0 };
const named = (shown: AnswerMessage): Record<string, string> =>
  Object.fromEntries(allFigures(shown).map(({ name, value }) => [name, value]));

describe('the figures of an answer', () => {
  it('are its tokens, their rate, the time to the first, the model and where it ran', () => {
    expect(answerFigures(answer('five', figures)).join(' · ')).toBe(
      '5 tokens · 10 tokens/s · first token after 250 ms · Qwen · llama.cpp · CPU',
    );
  });

  it('are none of tokens where it was stopped before the first', () => {
    const stopped = answer('', none, { finishReason: 'cancelled' });
    expect(answerFigures(stopped)).toEqual(['Qwen', 'llama.cpp · CPU']);
    expect(Object.values(named(stopped)).filter((value) => /\d/.test(value))).toEqual([]);
  });

  it('tell of the prompt where that had been read already', () => {
    const stopped = answer('', { ...none, promptTokens: 12, reusedTokens: 30 }, { finishReason: 'cancelled' });
    expect(answerFigures(stopped)).toEqual(['Qwen', 'llama.cpp · CPU']);
    expect(Object.values(named(stopped)).filter((value) => /\d/.test(value))).toEqual(['12', '30']);
  });

  it('name each setting with its value', () => {
    const settings = { sampling: { stop: ['END'], logitBias: { ' delve': -100 } } };
    expect(Object.values(named(answer('x', figures, { settings })))).toContain(
      'Stop sequences "END" · Logit bias {" delve":-100}',
    );
  });
});
