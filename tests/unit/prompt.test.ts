import { describe, expect, it } from 'vitest';
import type { AnswerMessage, UserMessage } from '../../src/contracts/conversation';
import { shownTo, turnsOf } from '../../src/chat/prompt';
import { guide } from '../../src/models/catalogue';

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

describe('a model that recalls so many questions', () => {
  const branch = [question('1'), answer('one'), question('2'), answer('two'), question('3'), answer('three')];
  const shown = (recalledQuestions: number, messages = branch): string[] =>
    shownTo({ ...guide, recalledQuestions }, messages).map(({ id }) => id);

  it('is shown the last question with those before it, and their answers', () => {
    const asked = branch.slice(0, 5);
    expect(shown(0, asked)).toEqual(['3']);
    expect(shown(1, asked)).toEqual(['2', 'two', '3']);
    expect(shown(9, asked)).toEqual(asked.map(({ id }) => id));
  });

  it('goes on with an answer under the same questions as before', () => {
    expect(shown(1)).toEqual(['2', 'two', '3', 'three']);
  });

  it('is the Guide, with one: it was trained on pairs of questions', () => {
    expect(guide.recalledQuestions).toBe(1);
  });
});
