/** Broken and hostile files of chats: what is wrong is named, what is sound is read, and nothing else is touched. */
import { describe, expect, it } from 'vitest';
import { inMemory } from '../../src/storage/chats-in-memory';
import { branch, contentOf } from '../fixtures/chat-file-content';
import { conversation, question } from '../fixtures/conversations';
import chatgpt from '../fixtures/imports/chatgpt.json?raw';
import openWebui from '../fixtures/imports/open-webui.json?raw';

describe('a broken or hostile file', () => {
  const header = '{"type":"sotto-chats","version":2}';
  const lines = (...records: unknown[]): string =>
    [header, ...records.map((record) => (typeof record === 'string' ? record : JSON.stringify(record)))].join('\n');

  it.each([
    ['nothing', ''],
    ['only spaces', ' \n\n '],
    ['another format', '{"type":"other"}\n'],
    ['a web page', '<!doctype html><html><body>login</body></html>'],
    ['an empty list', '[]'],
    ['a list of numbers', '[1,2,3]'],
    ['one cut object', '{"mapping": {"a": {"message": '],
    ['a page of text', 'Dear diary,\n'.repeat(10_000)],
    ['depth', '['.repeat(200_000)],
  ])('with %s is refused by name', async (_name, text) => {
    const { opened } = await contentOf(text);
    expect(opened).toMatchObject({ ok: false, failure: { kind: 'import-unreadable' } });
  });

  it('of bytes is refused by name', async () => {
    const { opened } = await contentOf(new Uint8Array([0, 255, 1, 254, 10, 13, 0]));
    expect(opened).toMatchObject({ ok: false, failure: { kind: 'import-unreadable' } });
  });

  const utf16 = (text: string): Uint8Array<ArrayBuffer> => {
    const units = Uint16Array.from(`\ufeff${text}`, (character) => character.charCodeAt(0));
    return new Uint8Array(units.buffer);
  };

  it('that was saved again in UTF-16 is read', async () => {
    const { opened, conversations } = await contentOf(utf16(chatgpt));
    const { conversations: asItWas } = await contentOf(chatgpt);
    expect([opened.ok, conversations.length > 0, conversations]).toEqual([true, true, asItWas]);
  });

  it('that was saved again in another encoding says that letters are lost', async () => {
    const text = lines(
      { type: 'conversation', ...conversation('a') },
      { type: 'message', ...question('q', 'a'), text: 'Müller' },
    );
    const latin1 = Uint8Array.from(text, (character) => character.charCodeAt(0));
    expect((await contentOf(latin1)).broken).toEqual([{ place: 1, problem: 'not-utf-8' }]);
    expect((await contentOf(text)).broken).toEqual([]);
  });

  it('of ours loses only the lines that are wrong', async () => {
    const content = await contentOf(
      lines(
        { type: 'conversation', ...conversation('a') },
        { type: 'message', ...question('q', 'a'), evil: '<script>' },
        { type: 'message', ...question('w', 'a'), text: 42 },
        { type: 'message', ...question('u', 'a'), role: 'system' },
        { type: 'conversation', ...conversation('b'), id: 'x'.repeat(1000) },
        { type: 'conversation', ...conversation('../../x') },
        { type: 'conversation', ...conversation('a'), title: 'again' },
        { type: 'message', ...question('s', 'nowhere') },
        { type: 'attachment', id: 'f', conversationId: 'nowhere' },
        { type: 'attachment-data', id: 'f', part: 'file', data: 'AA==' },
        '{"cut',
        'null',
        `{"type":"message","deep":${'['.repeat(100)}${']'.repeat(100)}}`,
      ),
    );
    expect(content.conversations.map(({ conversation: { id }, messages }) => [id, messages.length])).toEqual([
      ['a', 1],
    ]);
    expect(content.broken.map(({ place, problem }) => [place, problem]).sort()).toEqual(
      [
        [4, 'invalid'],
        [5, 'invalid'],
        [6, 'invalid'],
        [7, 'invalid'],
        [8, 'twice'],
        [9, 'belongs-nowhere'],
        [10, 'belongs-nowhere'],
        [11, 'belongs-nowhere'],
        [12, 'not-json'],
        [13, 'invalid'],
        [14, 'nested-too-deeply'],
      ].sort(),
    );
  });

  it('with messages far from their conversation still brings them', async () => {
    const content = await contentOf(
      lines(
        { type: 'message', ...question('early', 'a') },
        { type: 'conversation', ...conversation('a') },
        { type: 'conversation', ...conversation('b') },
        { type: 'message', ...question('late', 'a') },
      ),
    );
    const store = inMemory();
    await store.conversations.addMany(content.conversations);
    expect((await store.conversations.read('a'))?.messages.map(({ id }) => id).sort()).toEqual(['early', 'late']);
  });

  it('with circles, lost parents and twins shows every message', async () => {
    const content = await contentOf(
      lines(
        { type: 'conversation', ...conversation('a', { activeLeafId: 'gone' }) },
        { type: 'message', ...question('self', 'a', { parentId: 'self' }) },
        { type: 'message', ...question('x', 'a', { parentId: 'z' }) },
        { type: 'message', ...question('y', 'a', { parentId: 'x' }) },
        { type: 'message', ...question('z', 'a', { parentId: 'y', createdAt: 9 }) },
        { type: 'message', ...question('orphan', 'a', { parentId: 'nobody' }) },
        { type: 'message', ...question('orphan', 'a', { text: 'twin' }) },
      ),
    );
    const [read] = content.conversations;
    if (!read) throw new Error('nothing was read');
    expect(read.messages).toHaveLength(5);
    const parents = new Map(read.messages.map(({ id, parentId }) => [id, parentId]));
    for (const start of parents.keys()) {
      let steps = 0;
      for (let id: string | null = start; id !== null; id = parents.get(id) ?? null) steps += 1;
      expect(steps).toBeLessThanOrEqual(5);
    }
    expect(parents.has(read.conversation.activeLeafId ?? '')).toBe(true);
    expect(read.messages.find(({ id }) => id === 'orphan')?.text).toBe('text of orphan');
  });

  it('with impossible times is read as of now', async () => {
    const content = await contentOf(
      lines(
        { type: 'conversation', ...conversation('a'), createdAt: 2 ** 53, updatedAt: -1 },
        { type: 'message', ...question('q', 'a'), createdAt: 1e300 },
        { type: 'message', ...question('r', 'a'), createdAt: 'yesterday' },
      ),
    );
    const [read] = content.conversations;
    for (const time of [
      read?.conversation.createdAt,
      read?.conversation.updatedAt,
      ...(read?.messages ?? []).map(({ createdAt }) => createdAt),
    ]) {
      expect(Math.abs((time ?? 0) - Date.now())).toBeLessThan(60_000);
    }
    const future = JSON.parse(chatgpt) as Record<string, unknown>[];
    const [gpt] = (await contentOf(JSON.stringify([{ ...future[0], create_time: 2 ** 53, update_time: 4e9 }])))
      .conversations;
    expect(gpt?.conversation.updatedAt).toBeLessThan(Date.now());
  });

  it('with names that pollute changes no other object', async () => {
    const content = await contentOf(
      [
        header,
        '{"type":"conversation","id":"a","title":"t","createdAt":1,"updatedAt":1,"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},"deep":{"__proto__":{"polluted":1},"kept":1}}',
        '{"type":"message","role":"user","id":"q","conversationId":"a","parentId":null,"text":"x","createdAt":1,"settings":{"__proto__":{"polluted":1}}}',
      ].join('\n'),
    );
    const [read] = content.conversations;
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
    expect(Object.keys(read?.conversation ?? {})).not.toContain('__proto__');
    expect(read?.conversation).toMatchObject({ deep: { kept: 1 } });
    expect(JSON.stringify(read)).not.toContain('polluted');
    const mapping = chatgpt.replaceAll('"q1"', '"__proto__"');
    const [gpt] = (await contentOf(mapping)).conversations;
    expect(gpt?.messages.length).toBeGreaterThan(0);
    expect(({} as Record<string, unknown>)['message']).toBeUndefined();
  });

  it('with a ring of answers, or nodes that hang on themselves, comes to an end', async () => {
    const node = (id: string, parent: string, role = 'assistant'): unknown => ({
      id,
      parent,
      message: { author: { role }, content: { content_type: 'text', parts: [id] } },
    });
    const ring = {
      a: node('a', 'c'),
      b: node('b', 'a'),
      c: node('c', 'b'),
      t: node('t', 't', 'tool'),
      q: node('q', 't', 'user'),
    };
    const [read] = (await contentOf(JSON.stringify([{ id: 'ring', title: 'Ring', mapping: ring }]))).conversations;
    expect(read?.messages.map(({ text }) => text).join(' ')).toMatch(/a.*q|q.*a/s);
  });

  it('that is cut off anywhere keeps what was whole before', async () => {
    const list = JSON.stringify([...(JSON.parse(openWebui) as unknown[]), ...(JSON.parse(openWebui) as unknown[])]);
    let most = 0;
    for (const share of [0.3, 0.6, 0.8, 0.99]) {
      const content = await contentOf(list.slice(0, list.length * share));
      const count = content.conversations.length;
      expect(count).toBeGreaterThanOrEqual(most);
      most = count;
      if (content.opened.ok) expect(content.broken.at(-1)?.problem).toBe('not-json');
    }
    expect(most).toBe(3);
  });

  it('is the same however it arrives', async () => {
    const bytes = new TextEncoder().encode(chatgpt);
    const texts = (await contentOf(chatgpt)).conversations.map(branch);
    for (const size of [1, 7, 4096]) {
      // A Blob of many parts is read in many parts.
      const parts = Array.from({ length: Math.ceil(bytes.length / size) }, (_, at) =>
        bytes.slice(at * size, (at + 1) * size),
      );
      expect((await contentOf(...parts)).conversations.map(branch)).toEqual(texts);
    }
    expect((await contentOf('\ufeff', chatgpt)).conversations.map(branch)).toEqual(texts);
  });
});
