/** Collections with the real workers on a real database: files become passages, and questions find them. */
import { deleteDB } from 'idb';
import { afterEach, describe, expect, it } from 'vitest';
import { chatsDatabaseName } from '../../src/storage/chats-database';
import { inMemory } from '../../src/storage/chats-in-memory';
import type { ChatsStore } from '../../src/storage/chats-store';
import { openChats } from '../../src/storage/open-chats';
import { closeCollections, collectionOf, collectionsTab } from '../fixtures/documents/collections-tab';
import { failureOf, valueOf } from '../fixtures/outcomes';
import { lockedPdf, scannedPdf, textPdf } from '../fixtures/pdf-bytes';

afterEach(async () => {
  closeCollections();
  await deleteDB(chatsDatabaseName);
});

const file = (name: string, content: BlobPart): File => new File([content], name);

const kitchen = `# The kitchen

Bread rises for twelve hours in a cool place.

## The oven

Set the oven to 240 degrees, and put a bowl of water into it.
`;

describe.each([
  ['in the database', openChats],
  ['in memory', (): Promise<ChatsStore> => Promise.resolve(inMemory())],
])('files %s', (_name, open) => {
  it('are found by their words, with the place and the marks', async () => {
    const { collections } = await collectionsTab(await open());
    const { id } = await collectionOf(collections, [
      file('kitchen.md', kitchen),
      file('房子.txt', '房子在山上。屋顶是红色的，每年春天都要检查一次。'),
      file('garden.pdf', textPdf(['The garden has a fence.'], ['Prune the apricot tree in late winter.'])),
    ]);
    expect(collections.documentsOf(id)).toMatchObject([
      { name: 'kitchen.md', state: 'ready', passages: 1 },
      { name: '房子.txt', state: 'ready', passages: 1 },
      { name: 'garden.pdf', state: 'ready', passages: 2, pages: 2 },
    ]);
    const found = valueOf(await collections.search('When do I prune apricots?', [id], 5));
    expect(found).toMatchObject({ by: 'words', isFar: false });
    const [place] = found.places;
    expect(place).toMatchObject({ documentName: 'garden.pdf', page: 2 });
    expect(place?.marks.map(([start, end]) => place.text.slice(start, end))).toEqual(['Prune', 'apricot']);
    const chinese = valueOf(await collections.search('屋顶什么颜色？', [id], 5));
    expect(chinese.places[0]).toMatchObject({ documentName: '房子.txt' });
    expect(valueOf(await collections.search('Who painted the ceiling of the chapel?', [id], 5)).isFar).toBe(true);
    const oven = valueOf(await collections.search('oven temperature', [id], 5)).places[0];
    const content = valueOf(await collections.content(oven?.documentId ?? ''));
    expect((await content.text.text()).slice(oven?.start, oven?.end)).toBe(oven?.text);
    expect(await content.file.text()).toBe(kitchen);
  });
});

describe('a file that cannot be read', () => {
  it('says why, and the others are read', async () => {
    const { collections } = await collectionsTab(await openChats());
    const { id } = await collectionOf(collections, [
      file('scan.pdf', scannedPdf()),
      file('locked.pdf', lockedPdf()),
      file('broken.pdf', '%PDF-1.7 and no more'),
      file('program.exe', new Uint8Array([0, 1, 2, 3, 0, 0, 7])),
      file('empty.txt', ''),
      file('good.txt', 'Good words.'),
    ]);
    const outcomes = collections.documentsOf(id).map(({ name, state, failure }) => [name, failure?.kind ?? state]);
    expect(Object.fromEntries(outcomes)).toEqual({
      'scan.pdf': 'attachment-no-text',
      'locked.pdf': 'attachment-encrypted',
      'broken.pdf': 'document-unreadable',
      'program.exe': 'document-unreadable',
      'empty.txt': 'attachment-no-text',
      'good.txt': 'ready',
    });
    expect(failureOf(await collections.content('nobody')).kind).toBe('record-unreadable');
  });
});
