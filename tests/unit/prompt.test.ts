import { describe, expect, it } from 'vitest';
import type { AnswerMessage, UserMessage } from '../../src/contracts/conversation';
import { turnsOf } from '../../src/chat/prompt';

const base = { conversationId: 'c', parentId: null, createdAt: 1 };
const question = (text: string): UserMessage => ({ ...base, role: 'user', id: text, text });
const answer = (text: string): AnswerMessage => ({
  ...base,
  role: 'assistant',
  id: text,
  text,
  state: 'whole',
  modelId: 'm',
  modelName: 'M',
});

describe('the turns an engine is given', () => {
  it('leave the thoughts of earlier answers out', () => {
    const branch = [question('1+1?'), answer('<think>\n1+1\n</think>\n\n**2**'), question('thanks')];
    expect(turnsOf(branch)).toEqual([
      { role: 'user', content: '1+1?' },
      { role: 'assistant', content: '**2**' },
      { role: 'user', content: 'thanks' },
    ]);
  });

  it('keep them in an answer that is continued, and its very end', () => {
    expect(turnsOf([question('q'), answer('<think>\nhalf a tho ')], true).at(-1)?.content).toBe('<think>\nhalf a tho ');
    expect(turnsOf([question('q'), answer('')], true)).toHaveLength(2);
  });

  it('have no empty turn, which a failed answer would leave', () => {
    expect(turnsOf([question('q'), answer(''), question('again')])).toHaveLength(2);
  });
});
