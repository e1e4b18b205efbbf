/** Every kind of file that a collection takes, through the real worker, and archives that were made to do harm. */
import { afterEach, describe, expect, it } from 'vitest';
import { inMemory } from '../../src/storage/chats-in-memory';
import type { FoundPlace, Passage } from '../../src/shared/domain/collection';
import type { Collections } from '../../src/documents/collections.svelte';
import { closeCollections, collectionOf, collectionsTab } from '../fixtures/documents/collections-tab';
import { book, wordDocument } from '../fixtures/documents/packed-documents';
import { failureOf, valueOf } from '../fixtures/outcomes';
import { zipOf } from '../fixtures/zip';

afterEach(closeCollections);

const file = (name: string, content: BlobPart): File => new File([content], name);

interface Read {
  readonly state: string;
  readonly text: string;
  readonly passages: readonly Passage[];
  readonly pages: number | undefined;
}

async function readIn(collections: Collections, ...files: readonly File[]): Promise<readonly Read[]> {
  const { id } = await collectionOf(collections, files);
  return Promise.all(
    collections.documentsOf(id).map(async ({ id: documentId, state, failure, pages }) => {
      const { text, passages } = valueOf(await collections.content(documentId));
      return { state: failure?.kind ?? state, text: await text.text(), passages, pages };
    }),
  );
}

async function read(...files: readonly File[]): Promise<readonly Read[]> {
  const { collections, told } = await collectionsTab(inMemory());
  const outcomes = await readIn(collections, ...files);
  // Nothing that is wrong with one file keeps the others from being read.
  expect(told).toEqual([]);
  return outcomes;
}

describe('a file', () => {
  it('of Word keeps its headings, also in another language', async () => {
    const document = await wordDocument([
      [1, 'House'],
      [0, 'It stands on a hill.'],
      [2, 'Roof'],
      [0, `Red tiles &amp; slate. ${'They are checked in spring. '.repeat(80)}`],
    ]);
    const [word] = await read(file('house.docx', document));
    expect(word?.state).toBe('ready');
    expect(word?.text).toContain('Red tiles & slate.');
    expect(word?.passages.map(({ headings }) => headings)).toContainEqual(['House', 'Roof']);
  });

  it('that is a book has its chapters as pages, and nothing of its programs', async () => {
    const [epub] = await read(
      file(
        'book.epub',
        await book([
          '<h1>First</h1><p>The ship leaves.</p><script>alert("no")</script>',
          '<h1>Second</h1><p>The ship <b>re</b>turns &mdash; late.</p><ul><li>One</li><li>Two</li></ul>',
        ]),
      ),
    );
    expect(epub).toMatchObject({ state: 'ready', pages: 2 });
    expect(epub?.text).toBe('First\n\nThe ship leaves.\n\nSecond\n\nThe ship returns — late.\n\nOne\nTwo\n\n');
    expect(epub?.passages).toMatchObject([
      { page: 1, headings: ['First'] },
      { page: 2, headings: ['Second'] },
    ]);
  });

  it('that is a page is read as it is seen', async () => {
    const [page] = await read(
      file(
        'page.html',
        '<!doctype html><head><title>no</title></head><body onload="alert(1)"><h2>Caf&eacute;</h2><p>One   two<br>three</p>' +
          '<style>x{}</style><script>document.write("never")</script><pre>a\n  b</pre><table><tr><td>1<td>2</table>',
      ),
    );
    expect(page?.text.trim()).toBe('Café\n\nOne two\nthree\n\na\n  b\n\n1\t2');
    expect(page?.passages[0]?.headings).toEqual(['Café']);
  });

  it('that is a table keeps its rows whole, with the names of the columns', async () => {
    const rows = Array.from({ length: 200 }, (_, index) => `${index},"a name, and\na second line",${index * 7}`);
    const [table] = await read(file('t.csv', `id,name,amount\n${rows.join('\n')}\n`));
    expect(table?.passages.length).toBeGreaterThan(3);
    for (const { start, end, headings } of table?.passages ?? []) {
      expect(headings).toEqual(['id,name,amount']);
      expect(table?.text.slice(start, end)).toMatch(/^(id|\d+),[^]*,\w+$/);
    }
  });

  it('in an encoding of old is read all the same', async () => {
    // "春眠不觉晓，处处闻啼鸟。" in GBK, some times.
    const line = [
      0xb4, 0xba, 0xc3, 0xdf, 0xb2, 0xbb, 0xbe, 0xf5, 0xcf, 0xfe, 0xa3, 0xac, 0xb4, 0xa6, 0xb4, 0xa6, 0xce, 0xc5, 0xcc,
      0xe4, 0xc4, 0xf1, 0xa1, 0xa3, 0x0a,
    ];
    const [poem] = await read(file('poem.txt', new Uint8Array(Array.from({ length: 20 }, () => line).flat())));
    expect(poem?.text).toContain('春眠不觉晓，处处闻啼鸟。');
  });
});

describe('an archive', () => {
  it('that unpacks to far more than a document is refused before it does', async () => {
    const bomb = await wordDocument([[0, 'x']], { 'word/styles.xml': ' '.repeat(60_000_000) });
    expect(bomb.size).toBeLessThan(100_000);
    const outcomes = await read(file('bomb.docx', bomb));
    expect(outcomes.map(({ state }) => state)).toEqual(['document-too-large']);
  });

  it('that is damaged, protected or of another kind says so', async () => {
    const whole = await wordDocument([[0, 'Words. '.repeat(3000)]]);
    const bytes = new Uint8Array(await whole.arrayBuffer());
    bytes.fill(0xff, 900, 960);
    const locked =
      '<encryption xmlns:enc="http://www.w3.org/2001/04/xmlenc#"><enc:CipherReference URI="OEBPS/text/chapter%201.xhtml"/></encryption>';
    const outcomes = await read(
      file('damaged.docx', bytes),
      file('cut.docx', whole.slice(0, whole.size - 200)),
      file('other.zip', await zipOf({ 'a.txt': 'a' })),
      file('locked.epub', await book(['<p>Words</p>'], { 'META-INF/encryption.xml': locked })),
    );
    expect(outcomes.map(({ state }) => state)).toEqual([
      'document-unreadable',
      'document-unreadable',
      'document-unreadable',
      'attachment-encrypted',
    ]);
  });
});

describe('a collection in one ZIP', () => {
  it('is the same collection on another device', async () => {
    const { collections } = await collectionsTab(inMemory());
    const { id } = await collectionOf(collections, [
      file('a.md', '# One\n\nFirst words.'),
      file('A.md', '# Other\n\nOther words.'),
      file('日志.txt', '今天下雨。'),
      file('scan.bin', new Uint8Array([0, 1, 2])),
    ]);
    valueOf(await collections.rename(id, 'My “files” / 文件'));
    const zip = valueOf(await collections.exportCollection(id));
    const { collections: other } = await collectionsTab(inMemory());
    const imported = valueOf(await other.importCollection(zip));
    await other.whenIndexed(imported.id);
    const facts = (of: Collections, from: string): unknown =>
      of.documentsOf(from).map(({ name, bytes, addedAt, state, passages }) => [name, bytes, addedAt, state, passages]);
    expect(imported.name).toBe('My “files” / 文件');
    expect(facts(other, imported.id)).toEqual(facts(collections, id));
    const [place] = valueOf(await other.search('下雨', [imported.id], 3)).places satisfies readonly FoundPlace[];
    expect(place?.documentName).toBe('日志.txt');
  });

  it('that unpacks to far more than it is, is refused before it does', async () => {
    const documents = [{ path: 'files/a', name: 'a' }];
    const zip = await zipOf({
      'sotto-collection.json': JSON.stringify({ format: 'sotto-collection', version: 1, name: 'A', documents }),
      'files/a': ' '.repeat(60_000_000),
    });
    expect(zip.size).toBeLessThan(200_000);
    const { collections } = await collectionsTab(inMemory());
    const imported = await collections.importCollection(zip);
    expect(imported).toMatchObject({ ok: false, failure: { kind: 'document-too-large' } });
    expect(collections.list).toEqual([]);
  });

  it('from a stranger leads nowhere', async () => {
    const { collections } = await collectionsTab(inMemory());
    const listed = (documents: unknown): string =>
      JSON.stringify({ format: 'sotto-collection', version: 1, name: '../\u202eevil', documents });
    const zip = await zipOf({
      'sotto-collection.json': listed([
        { path: '../../etc/passwd', name: '../../a\u202etxt.exe', mediaType: 7, addedAt: 'now' },
        { path: '/abs', name: '..', addedAt: 3 },
        { path: 'not there', name: 'b' },
        null,
        { name: 'c' },
      ]),
      '../../etc/passwd': 'Words of one.',
      '/abs': 'Words of two.',
      'not listed': 'x',
    });
    const imported = valueOf(await collections.importCollection(zip));
    expect(imported.name).toBe('../evil');
    expect(
      collections
        .documentsOf(imported.id)
        .map(({ name }) => name)
        .sort(),
    ).toEqual(['atxt.exe', 'document']);
    for (const other of [
      new Blob(['no archive']),
      await zipOf({ 'a.txt': 'a' }),
      await zipOf({ 'sotto-collection.json': '{' }),
      await zipOf({ 'sotto-collection.json': '{"format":"sotto-collection","version":2,"name":"x","documents":[]}' }),
    ])
      expect(failureOf(await collections.importCollection(other)).kind).toBe('document-unreadable');
    expect(collections.list).toHaveLength(1);
  });
});
