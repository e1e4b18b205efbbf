/** The branch that a file names: whatever it says, every message that the preview counts can be reached in the app. */
import { describe, expect, it } from 'vitest';
import { inMemory } from '../../src/storage/chats-in-memory';
import { branch, contentOf, reachable } from '../fixtures/chat-file-content';
import { answer, conversation, question } from '../fixtures/conversations';

interface Turn {
  readonly id: string;
  readonly parent: string | null;
  /** Null for what the other program does not show: a system message, a tool's answer. */
  readonly role: 'user' | 'assistant' | null;
}

/** Ten messages: a question, its two answers, and below the second of them a system message and two versions of what followed. */
const turns: readonly Turn[] = [
  { id: 'root', parent: null, role: null },
  { id: 'q1', parent: 'root', role: 'user' },
  { id: 'a1', parent: 'q1', role: 'assistant' },
  { id: 'a2', parent: 'q1', role: 'assistant' },
  { id: 'sys', parent: 'a2', role: null },
  { id: 'q2', parent: 'sys', role: 'user' },
  { id: 'a3', parent: 'q2', role: 'assistant' },
  { id: 'q3', parent: 'a3', role: 'user' },
  { id: 'a4', parent: 'q3', role: 'assistant' },
  { id: 'q4', parent: 'a3', role: 'user' },
  { id: 'a5', parent: 'q4', role: 'assistant' },
  { id: 'after', parent: 'a1', role: null },
];
const spoken = turns.filter(({ role }) => role !== null);
const seconds = (index: number): number => 1_750_000_000 + index;

const files: Readonly<Record<string, (tip: string | null) => string>> = {
  'llama.cpp, as lines': (tip) =>
    [
      { type: 'session', id: 'conv', currNode: tip, name: 'Ten' },
      ...turns.map(({ id, parent, role }, index) => ({
        type: 'message',
        message: { id, parent, role: role ?? 'system', type: 'text', content: id, timestamp: seconds(index) * 1000 },
      })),
    ]
      .map((record) => JSON.stringify(record))
      .join('\n'),
  'llama.cpp, as a list': (tip) =>
    JSON.stringify([
      {
        conv: { id: 'conv', currNode: tip, name: 'Ten' },
        messages: turns.map(({ id, parent, role }, index) => ({
          ...{ id, parent, role: role ?? 'tool', type: 'text', content: id, timestamp: seconds(index) * 1000 },
        })),
      },
    ]),
  ChatGPT: (tip) =>
    JSON.stringify([
      {
        title: 'Ten',
        id: 'conv',
        current_node: tip,
        mapping: Object.fromEntries(
          turns.map(({ id, parent, role }, index) => [
            id,
            {
              ...{ id, parent },
              message: {
                author: { role: role ?? 'tool' },
                create_time: seconds(index),
                content: { content_type: 'text', parts: [id] },
              },
            },
          ]),
        ),
      },
    ]),
  'Open WebUI': (tip) =>
    JSON.stringify([
      {
        id: 'conv',
        title: 'Ten',
        chat: {
          history: {
            currentId: tip,
            messages: Object.fromEntries(
              turns.map(({ id, parent, role }, index) => [
                id,
                { id, parentId: parent, role: role ?? 'system', content: id, timestamp: seconds(index) },
              ]),
            ),
          },
        },
      },
    ]),
  Sotto: (tip) => {
    const parentOf = (parent: string | null): string | null => {
      const above = turns.find(({ id }) => id === parent);
      return above?.role === null ? parentOf(above.parent) : parent;
    };
    return [
      { type: 'sotto-chats', version: 2 },
      { type: 'conversation', ...conversation('conv', { activeLeafId: tip }) },
      ...spoken.map(({ id, parent, role }, index) => ({
        type: 'message',
        ...(role === 'user'
          ? question(id, 'conv', { parentId: parentOf(parent), text: id, createdAt: seconds(index) })
          : { ...answer(id, 'conv', '', { text: id, createdAt: seconds(index) }), parentId: parentOf(parent) }),
      })),
    ]
      .map((record) => JSON.stringify(record))
      .join('\n');
  },
};

describe.each(Object.entries(files))('a conversation of %s', (format, fileOf) => {
  it.each<readonly [string, string | null, readonly string[]]>([
    ['its end', 'a4', ['q1', 'a2', 'q2', 'a3', 'q3', 'a4']],
    ['an answer in the middle', 'a2', ['q1', 'a2', 'q2', 'a3', 'q4', 'a5']],
    ['a question in the middle', 'q3', ['q1', 'a2', 'q2', 'a3', 'q3', 'a4']],
    ['another version that ends earlier', 'a1', ['q1', 'a1']],
    ['nothing', null, ['q1', 'a2', 'q2', 'a3', 'q4', 'a5']],
    ['what is not there', 'gone', ['q1', 'a2', 'q2', 'a3', 'q4', 'a5']],
    // Our own files have no such messages.
    ...(format === 'Sotto'
      ? []
      : ([
          ['a hidden message in the middle', 'sys', ['q1', 'a2', 'q2', 'a3', 'q4', 'a5']],
          ['a hidden message at the end', 'after', ['q1', 'a1']],
          ['the root', 'root', ['q1', 'a2', 'q2', 'a3', 'q4', 'a5']],
        ] as const)),
  ])('whose tip names %s is shown to an end, and every message of it can be reached', async (_name, tip, shown) => {
    const [read] = (await contentOf(fileOf(tip))).conversations;
    if (!read) throw new Error('nothing was read');
    expect(read.messages).toHaveLength(spoken.length);
    expect(branch(read)).toEqual(shown);
    expect(reachable(read)).toEqual(read.messages.map(({ id }) => id).sort());
  });
});

describe('a conversation that is here already', () => {
  const here = { conversation: conversation('c', { activeLeafId: 'a1' }), attachments: [], draft: null };
  const said = [question('q', 'c'), answer('a1', 'c', 'q'), answer('a2', 'c', 'q', { createdAt: 3 })];

  it('is shown to its end when an import goes on with what is shown, on another branch than the file shows', async () => {
    const { conversations } = inMemory();
    await conversations.addMany([{ ...here, messages: said }]);
    await conversations.addMany([
      {
        ...here,
        conversation: conversation('c', { activeLeafId: 'a2' }),
        messages: [...said, question('more', 'c', { parentId: 'a1' }), answer('end', 'c', 'more')],
      },
    ]);
    const record = await conversations.read('c');
    expect(record?.conversation.activeLeafId).toBe('end');
    expect(record && reachable(record)).toEqual(['a1', 'a2', 'end', 'more', 'q']);
  });

  it('keeps every message in reach when the messages of a file hang on one that is nowhere', async () => {
    const { conversations } = inMemory();
    await conversations.addMany([{ ...here, messages: said }]);
    await conversations.addMany([{ ...here, messages: [question('stray', 'c', { parentId: 'nowhere' })] }]);
    const record = await conversations.read('c');
    expect(record && reachable(record)).toEqual(['a1', 'a2', 'q', 'stray']);
  });

  it('that an older import left in the middle is shown to its end', async () => {
    const { conversations } = inMemory();
    await conversations.write(conversation('c', { activeLeafId: 'q' }), said);
    const { KeptConversation } = await import('../../src/chat/kept-conversation.svelte');
    const kept = new KeptConversation(conversations);
    await kept.read('c');
    expect(kept.header?.activeLeafId).toBe('a2');
  });
});
