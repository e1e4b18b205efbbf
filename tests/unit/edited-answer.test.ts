import { flushSync, mount, unmount } from 'svelte';
import { expect, it, vi } from 'vitest';
import type { Undo } from '../../src/chat/conversation-edits';
import { m } from '../../src/text/paraglide/messages.js';
import { answer } from '../fixtures/conversations';
import OneAnswer from '../fixtures/OneAnswer.svelte';

it('the changed words of an answer stay in their editor until they are stored', async () => {
  const editAnswer = vi.fn<(id: string, text: string) => Promise<Undo | null>>().mockResolvedValueOnce(null);
  editAnswer.mockResolvedValueOnce(() => Promise.resolve());
  const session = { phase: 'idle', messages: new Map(), editAnswer } as const;
  const shown = mount(OneAnswer, {
    target: document.body,
    props: { answer: answer('a', 'c', 'q', { text: '' }), session },
  });
  flushSync();
  document.querySelector<HTMLButtonElement>(`button[aria-label="${m.edit()}"]`)?.click();
  flushSync();
  const field = (): HTMLTextAreaElement | null => document.querySelector('textarea');
  const save = async (): Promise<void> => {
    document.querySelector('form')?.dispatchEvent(new Event('submit', { cancelable: true }));
    await new Promise((resolve) => setTimeout(resolve));
    flushSync();
  };
  const typed = field();
  if (!typed) throw new Error('no editor');
  typed.value = 'other words';
  typed.dispatchEvent(new Event('input', { bubbles: true }));
  await save();
  expect(field()?.value).toBe('other words');
  await save();
  expect(editAnswer.mock.calls).toEqual([
    ['a', 'other words'],
    ['a', 'other words'],
  ]);
  expect(field()).toBeNull();
  await unmount(shown);
});
