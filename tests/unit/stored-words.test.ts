import { expect, it } from 'vitest';
import stored from '../fixtures/imports/sotto-stored-words.jsonl?raw';
import { contentOf } from '../fixtures/chat-file-content';

// In a file of data, so that no renaming in the code takes it along: what people have stored and exported keeps its spelling.
it('words that are stored keep their spelling, whatever that of the code is', async () => {
  const { conversations, broken } = await contentOf(stored);
  expect(broken).toEqual([]);
  const [read] = conversations;
  expect(read?.conversation.settings?.contextPolicy).toBe('summarise');
  expect(read?.messages.find(({ id }) => id === 'a1')).toMatchObject({
    finishReason: 'cancelled',
    context: { kind: 'summarised', turns: 4, summary: 'They said hello.' },
  });
});
