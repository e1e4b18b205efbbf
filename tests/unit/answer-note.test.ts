import { describe, expect, it } from 'vitest';
import type { AnswerMessage } from '../../src/shared/domain/conversation';
import { answerNote, canContinue } from '../../src/chat/turns/answer-note';

const answer = (text: string, maxTokens?: number): AnswerMessage => ({
  role: 'assistant',
  id: 'a',
  conversationId: 'c',
  parentId: 'q',
  createdAt: 1,
  modelId: 'm',
  modelName: 'M',
  state: 'whole',
  finishReason: 'length',
  text,
  ...(maxTokens !== undefined && { settings: { sampling: { maxTokens } } }),
});

describe('an answer that was ended by the limit of tokens', () => {
  it('says which limit that was, and how to go on', () => {
    expect(answerNote(answer('again and again', 2048))).toMatch(/2,048 tokens.*Continue/);
    expect(canContinue(answer('again and again', 2048))).toBe(true);
  });

  it('says that the model was still thinking, where it was', () => {
    expect(answerNote(answer('<think>\nwait, wait', 8192))).toMatch(/8,192 tokens.*still thinking/);
    expect(answerNote(answer('<think>\nso\n</think>\n\nYes', 8192))).not.toMatch(/still thinking/);
  });

  it('of an older version, which kept no limit, says that there was one', () => {
    expect(answerNote(answer('text'))).toBe('The answer reached its length limit.');
  });
});
