/** Templates that refuse what a real conversation comes to, in llama.cpp itself: their exceptions are no test's invention. */
import { describe, expect, it } from 'vitest';
import { turnsOf, type PromptParts } from '../../src/chat/prompt';
import type { AnswerMessage, Message, UserMessage } from '../../src/shared/domain/conversation';
import * as templates from '../fixtures/chat-templates';
import * as conversations from '../fixtures/conversations';
import { failureOf, valueOf } from '../fixtures/outcomes';
import { LlamaCppProbes, loadRequest } from '../fixtures/llama-cpp-probe';
import { scriptedModel } from '../fixtures/scripted-gguf';
import { blobOf } from '../fixtures/synthetic-gguf';

const user = (text: string): UserMessage => conversations.question(text, 'c', { text });
const answer = (text: string, more: Partial<AnswerMessage> = {}): AnswerMessage =>
  conversations.answer(text, 'c', 'q', { text, ...more });
const stopped = answer('', { finishReason: 'cancelled' });
const failed = answer('', { state: 'failed', failure: { kind: 'engine-crashed', technical: '' } });

const branches: Readonly<Record<string, readonly Message[]>> = {
  'stopped before its first word': [user('hi'), stopped, user('there')],
  'failed with another model': [user('hi'), failed, user('there'), failed, user('now')],
  'stopped while it thought': [user('hi'), answer('<think>\nhm'), user('there')],
  'begun by the other side': [answer('Welcome.'), user('hi'), answer('Hello.'), user('there')],
  'of answers in two parts': [user('hi'), answer('One.'), answer('Two.'), user('there')],
};
const parts: readonly PromptParts[] = [
  {},
  { systemPrompt: 'Be brief.' },
  { systemPrompt: 'Be brief.', summary: 'They met.' },
];

const probes = new LlamaCppProbes();
const start = (chatTemplate: string) => {
  const probe = probes.start();
  const file = blobOf(scriptedModel({ answer: ['Hello', ' again'], chatTemplate }));
  return { probe, loaded: probe.load(loadRequest(file)) };
};

describe.each(['gemma2', 'gemma3', 'mistral'] as const)('the template of %s', (name) => {
  it('takes every conversation that can be stored', async () => {
    const { probe, loaded } = start(templates[name]);
    valueOf(await loaded);
    // The rule is there: what is not made to alternate is refused.
    const raw = [
      { role: 'user', content: 'hi' },
      { role: 'user', content: 'there' },
    ] as const;
    expect(failureOf(await probe.generate({ turns: raw })).kind).toBe('request-invalid');
    for (const [what, branch] of Object.entries(branches)) {
      for (const told of parts) {
        const asked = await probe.generate({ turns: turnsOf(branch, false, told) });
        expect(valueOf(asked).text, `${what} ${JSON.stringify(told)}`).toBe('Hello again');
      }
    }
  });

  it('goes on with an answer after one that was stopped', async () => {
    const { probe, loaded } = start(templates[name]);
    valueOf(await loaded);
    const turns = turnsOf([user('hi'), stopped, user('there'), answer('Hello')], true, { systemPrompt: 'Be brief.' });
    expect(valueOf(await probe.generate({ turns })).text).toBe(' again');
  });
});

describe('a template that fails for every conversation', () => {
  it.each(["{{ raise_exception('for nobody') }}", '{{ messages | no_such_filter }}'])(
    'is told as such, and not as a fault of the message: %s',
    async (chatTemplate) => {
      const { probe, loaded } = start(chatTemplate);
      const failure = (await loaded).ok
        ? failureOf(await probe.generate({ turns: [{ role: 'user', content: 'hi' }] }))
        : failureOf(await loaded);
      expect(failure, failure.technical).toMatchObject({ kind: 'model-template-broken' });
    },
  );
});
