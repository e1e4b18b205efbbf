/** What other programs' files of chats look like here. */
import { describe, expect, it } from 'vitest';
import { branch, contentOf, formatIn } from '../fixtures/chat-file-content';
import chatgpt from '../fixtures/imports/chatgpt.json?raw';
import llamaJson from '../fixtures/imports/llama-cpp.json?raw';
import llamaLines from '../fixtures/imports/llama-cpp.jsonl?raw';
import openWebui from '../fixtures/imports/open-webui.json?raw';
import webLlmExport from '../fixtures/imports/web-llm-chat-export.json?raw';
import webLlm from '../fixtures/imports/web-llm-chat.json?raw';
import { zipOf } from '../fixtures/zip';

describe('a file of ChatGPT', () => {
  it('keeps the tree, the thoughts and what was archived; what was said to tools is left out', async () => {
    const content = await contentOf(chatgpt);
    expect(formatIn(content)).toBe('chatgpt');
    const [first] = content.conversations;
    if (!first) throw new Error('nothing was read');
    expect(first.conversation).toMatchObject({
      id: 'chatgpt-11111111-2222-3333-4444-555555555555',
      title: 'Sourdough <b>starter</b>',
      createdAt: 1719830000123,
      updatedAt: 1719830600500,
      archived: true,
    });
    expect(branch(first)).toEqual([
      'How do I feed a starter?',
      '<think>\nRatios\n\nOne to one to one is common.\n</think>\n\nEqual weights of starter, flour and water.',
      '[image]\n\nIs this mould?',
      'Pink or orange: throw it away.\n\nWhite and fuzzy: the same.',
    ]);
    expect(first.messages).toHaveLength(5);
    expect(first.messages.find(({ text }) => text.startsWith('Daily'))).toMatchObject({
      parentId: `${first.conversation.id}/q1`,
      modelName: 'gpt-4o',
      createdAt: 1719830300000,
    });
    expect(content.broken).toEqual([
      { place: 2, title: 'Nothing was said', problem: 'no-messages' },
      { place: 3, title: 'Not a conversation', problem: 'not-a-conversation' },
    ]);
  });
});

describe('a file of Open WebUI', () => {
  it('keeps versions, tags, files, the system prompt and thoughts', async () => {
    const content = await contentOf(openWebui);
    expect(formatIn(content)).toBe('open-webui');
    const [kyoto, old] = content.conversations;
    if (!kyoto || !old) throw new Error('not all was read');
    expect(kyoto.conversation).toMatchObject({
      title: 'Travel to Kyoto',
      pinned: true,
      tags: ['travel', 'japan'],
      settings: { systemPrompt: 'You are a travel guide.' },
    });
    expect(branch(kyoto)).toEqual([
      'Three days in Kyoto?',
      '<think>\nThey dislike early mornings.\nSo start late.\n</think>\n\nDay one: sleep in, then Gion.',
      'And this?\n\n[image]',
      'A temple.',
    ]);
    expect(kyoto.attachments.map(({ name }) => name)).toEqual(['notes.txt']);
    expect(await kyoto.attachments[0]?.text.text()).toBe('No early mornings.');
    expect(kyoto.messages[0]).toMatchObject({ attachments: [{ name: 'notes.txt', textCharacters: 18 }] });
    expect(branch(old)).toEqual(['One', 'Two']);
    expect(old.conversation.updatedAt).toBe(1690000001000);
  });
});

describe("a file of llama.cpp's UI", () => {
  it('as a list: system prompt, thoughts and files; a lost tip is found again', async () => {
    const content = await contentOf(llamaJson);
    expect(formatIn(content)).toBe('llama-cpp');
    const [primes] = content.conversations;
    if (!primes) throw new Error('nothing was read');
    expect(primes.conversation).toMatchObject({ title: 'Primes', settings: { systemPrompt: 'Be exact.' } });
    expect(branch(primes)).toEqual(['Is 91 prime?', '<think>\n7 times 13 is 91.\n</think>\n\nNo: 7 × 13.']);
    expect(primes.attachments.map(({ name }) => name)).toEqual(['list.txt']);
  });

  it('as lines: several sessions, unknown records ignored', async () => {
    const content = await contentOf(llamaLines);
    expect(formatIn(content)).toBe('llama-cpp');
    expect(content.conversations.map(branch)).toEqual([['Is 91 prime?', 'No: 7 × 13.'], ['Hello']]);
    expect(content.broken).toEqual([{ place: 6, title: 'Empty', problem: 'no-messages' }]);
  });
});

describe('a file of WebLLM Chat', () => {
  it('as its whole state', async () => {
    const content = await contentOf(webLlm);
    expect(formatIn(content)).toBe('web-llm-chat');
    const [haiku] = content.conversations;
    if (!haiku) throw new Error('nothing was read');
    expect(content.conversations).toHaveLength(1);
    expect(content.broken).toEqual([]);
    expect(haiku.conversation).toMatchObject({ title: 'Haiku', settings: { systemPrompt: 'You write haiku.' } });
    expect(branch(haiku)).toEqual(['A haiku, please', 'Quiet old pond\n\n[image]']);
  });

  it('as the messages of one: the same content has the same id', async () => {
    const [one] = (await contentOf(webLlmExport)).conversations;
    const [again] = (await contentOf(JSON.stringify(JSON.parse(webLlmExport), null, 4))).conversations;
    if (!one) throw new Error('nothing was read');
    expect(again?.conversation.id).toBe(one.conversation.id);
    expect(one.conversation).toMatchObject({ title: 'A haiku, please' });
    expect(one.conversation.settings).toBeUndefined();
    expect(branch(one)).toEqual(['A haiku, please', 'Quiet old pond']);
  });
});

describe('an archive', () => {
  it('is opened: what is a list of chats in it is read, everything else passed over', async () => {
    const file = await zipOf({
      'chat.html': '<html></html>',
      'user.json': '{"email":"nobody@example.org"}',
      'conversations.json': chatgpt,
      'more/20260101_conv.jsonl': llamaLines,
    });
    const content = await contentOf(file);
    expect(formatIn(content)).toBe('chatgpt');
    expect(content.conversations.map(({ conversation }) => conversation.title)).toEqual([
      'Sourdough <b>starter</b>',
      'Primes',
      'Second',
    ]);
    expect(content.broken.map(({ file: name }) => name)).toEqual([
      'conversations.json',
      'conversations.json',
      'more/20260101_conv.jsonl',
    ]);
  });

  it('that is cut off, or has no chats, is refused by name', async () => {
    const file = await zipOf({ 'conversations.json': chatgpt });
    expect(formatIn(await contentOf(file.slice(0, file.size - 30)))).toBe('import-unreadable');
    expect(formatIn(await contentOf(await zipOf({ 'photo.txt': 'x' })))).toBe('import-unreadable');
  });
});
