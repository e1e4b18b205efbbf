import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { declinedQuestion, guideDeclines } from '../../src/chat/guide-declines';
import type { AnswerMessage, Message, UserMessage } from '../../src/shared/domain/conversation';
import known from '../fixtures/guide-known-answers.json';

const question = (id: string, parentId: string | null, text: string): UserMessage => ({
  role: 'user',
  id,
  conversationId: 'c',
  parentId,
  text,
  createdAt: 0,
});
const answer = (id: string, parentId: string, text: string, modelId = 'guide'): AnswerMessage => ({
  role: 'assistant',
  id,
  conversationId: 'c',
  parentId,
  text,
  createdAt: 0,
  state: 'whole',
  modelId,
  modelName: modelId,
});

describe('what the Guide leaves to a larger model', () => {
  it.each(['en', 'zh'])('is known by the sentence that it was trained to say (%s)', (language) => {
    const page = readFileSync(`tools/guide-model/knowledge/${language}.md`, 'utf8');
    const lines = page.split('\n').filter((line) => guideDeclines(answer('a', 'q', line), 'guide'));
    expect(lines).toHaveLength(1);
  });

  it('is none of its answers about Sotto, and no answer of another model', () => {
    const declined = Object.entries(known.answers).filter(([, text]) => guideDeclines(answer('a', 'q', text), 'guide'));
    expect(declined.map(([asked]) => asked)).toEqual(['What is the capital of France?', '给我写一首关于春天的诗']);
    expect(guideDeclines(answer('a', 'q', 'I only know about Sotto', 'qwen'), 'guide')).toBe(false);
  });

  it('is asked again in its place, or anew when more has been said, and not when it has been answered', () => {
    const no = 'I only know about Sotto. For that, load a larger model in **Models**.';
    const path: Message[] = [question('q1', null, 'Capital?'), answer('a1', 'q1', no)];
    expect(declinedQuestion(path, 'guide')).toMatchObject({ answerId: 'a1', isLast: true, question: { id: 'q1' } });
    path.push(question('q2', 'a1', 'Who are you?'), answer('a2', 'q2', 'I am the Guide.'));
    expect(declinedQuestion(path, 'guide')).toMatchObject({ answerId: 'a1', isLast: false });
    path.push(question('q3', 'a2', 'Capital?'), answer('a3', 'q3', 'Paris.', 'qwen'));
    expect(declinedQuestion(path, 'guide')).toBeNull();
    expect(declinedQuestion([], 'guide')).toBeNull();
  });
});
