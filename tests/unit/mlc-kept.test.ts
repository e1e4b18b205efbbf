/** What is asked of WebLLM so that it goes on from its cache. */
import { describe, expect, it } from 'vitest';
import type { ChatTurn } from '../../src/shared/protocol/engine';
import { CachedConversation } from '../../workers/engine/webllm/cached-conversation';
import { conversationTemplate } from '../../workers/mlc/conversation-template';
import { deepseek, qwen3 } from '../fixtures/mlc-config';

const user = (content: string): ChatTurn => ({ role: 'user', content });
const answer = (content: string): ChatTurn => ({ role: 'assistant', content });

function conversation(config: object = qwen3) {
  const kept = new CachedConversation(conversationTemplate(config));
  const ask = (turns: readonly ChatTurn[], raw: string, shown = raw) => {
    const asked = kept.messagesFor(turns);
    kept.keep(turns, asked.messages, raw, shown);
    return asked;
  };
  return { kept, ask };
}

describe('the next question', () => {
  it('sends the history letter by letter as it was sent, and the border that WebLLM leaves out', () => {
    const { kept, ask } = conversation();
    expect(ask([user('a')], 'b')).toEqual({ messages: [user('a')], reuses: false });
    expect(kept.messagesFor([user('a'), answer('b'), user('c')])).toEqual({
      messages: [user('a'), answer('b'), { ...user('c'), name: '<|im_end|>\n<|im_start|>user' }],
      reuses: true,
    });
  });

  it('keeps the name of a question that had one', () => {
    const { kept, ask } = conversation();
    ask([user('a')], 'b');
    ask([user('a'), answer('b'), user('c')], 'd');
    const { messages } = kept.messagesFor([user('a'), answer('b'), user('c'), answer('d'), user('e')]);
    expect(messages.map(({ name }) => name)).toEqual([
      undefined,
      undefined,
      '<|im_end|>\n<|im_start|>user',
      undefined,
      '<|im_end|>\n<|im_start|>user',
    ]);
  });

  it('takes the separator of the turn, a system message not counted', () => {
    const { kept, ask } = conversation(deepseek);
    const system: ChatTurn = { role: 'system', content: '' };
    ask([system, user('a')], 'b');
    expect(kept.messagesFor([system, user('a'), answer('b'), user('c')]).messages.at(-1)).toMatchObject({
      name: '<｜end▁of▁sentence｜><｜User｜>',
    });
  });

  it('knows an answer again whose empty thought and leading blanks the page left out', () => {
    const { kept, ask } = conversation();
    ask([user('a')], '<think>\n\n</think>\n\nb', '\n\nb');
    const { messages, reuses } = kept.messagesFor([user('a'), answer('b'), user('c')]);
    expect(reuses).toBe(true);
    expect(messages[1]).toEqual(answer('<think>\n\n</think>\n\nb'));
  });
});

describe('everything is read again', () => {
  it.each([
    ['the answer was changed', [user('a'), answer('other'), user('c')]],
    ['the question was changed', [user('A'), answer('b'), user('c')]],
    ['a turn is missing', [user('a'), user('c')]],
    ['it is the same question again', [user('a')]],
    ['two turns have come', [user('a'), answer('b'), user('c'), answer('d'), user('e')]],
    ['a system message has come', [{ role: 'system', content: 'x' } as const, user('a'), answer('b'), user('c')]],
  ])('when %s', (_, turns) => {
    const { kept, ask } = conversation();
    ask([user('a')], 'b');
    const { messages, reuses } = kept.messagesFor(turns);
    expect(reuses).toBe(false);
    expect(messages).toEqual(turns);
  });

  it('when the cache is forgotten', () => {
    const { kept, ask } = conversation();
    ask([user('a')], 'b');
    kept.forget();
    expect(kept.messagesFor([user('a'), answer('b'), user('c')]).reuses).toBe(false);
  });
});

describe('formulas', () => {
  it('come through templates that are filled with String.replace', () => {
    const filled = (content: string): string => '{user_message}'.replace('{user_message}', content);
    const { kept } = conversation();
    const text = "cost $5, $$x^2$$, $& and $' and $`";
    expect(filled(kept.messagesFor([user(text)]).messages[0]?.content ?? '')).toBe(text);
  });

  it('are left alone where a template is not filled', () => {
    const { kept } = conversation({ ...qwen3, conv_template: { ...qwen3.conv_template, role_templates: null } });
    expect(kept.messagesFor([user('$$x$$')]).messages[0]).toEqual(user('$$x$$'));
  });

  it('do not keep an answer from being known again', () => {
    const { kept, ask } = conversation();
    ask([user('$$a$$')], '$$b$$');
    const { messages, reuses } = kept.messagesFor([user('$$a$$'), answer('$$b$$'), user('c')]);
    expect(reuses).toBe(true);
    // As WebLLM itself has it: what it compares is what it was given, and what it said.
    expect(messages.slice(0, 2)).toEqual([user('$$$$a$$$$'), answer('$$b$$')]);
  });
});
