// @vitest-environment node
/** How texts are cut into passages: what every reader and the search rely on. */
import { describe, expect, it } from 'vitest';
import type { Passage } from '../../src/shared/domain/collection';
import { estimateTokens } from '../../src/shared/domain/estimate-tokens';
import { cutPassages } from '../../workers/documents/cut-passages';
import type { DocumentText } from '../../workers/documents/document-text';
import { fused } from '../../workers/documents/fuse';
import { htmlText } from '../../workers/documents/read-html';
import { codeText } from '../../workers/documents/read-lines';
import { markdownText } from '../../workers/documents/read-markdown';
import { pagesText } from '../../workers/documents/read-pages';
import { PlaceSearch } from '../../workers/documents/place-search';
import { marksIn, queryTerms, stem } from '../../workers/documents/terms';

const plain = (text: string): DocumentText => ({ text, headings: [], pageStarts: [] });
const tokensOf = (text: string, { start, end }: Passage): number => estimateTokens(text.slice(start, end));

/** Every letter is in a passage. */
function expectWhole(text: string, passages: readonly Passage[]): void {
  let end = 0;
  for (const passage of passages) {
    expect(text.slice(end, Math.max(end, passage.start))).not.toMatch(/[\p{L}\p{N}]/u);
    expect(passage.end).toBeGreaterThan(passage.start);
    end = passage.end;
  }
  expect(text.slice(end)).not.toMatch(/[\p{L}\p{N}]/u);
}

const english = Array.from(
  { length: 200 },
  (_, index) => `The sentence of number ${index} is not long, but it ends.`,
).join(' ');
const chinese = Array.from({ length: 200 }, (_, index) => `这是第${index}句话，写得不长，但是有结尾。`).join('');

describe('a text without headings', () => {
  it.each([
    ['English', english, '.'],
    ['Chinese', chinese, '。'],
  ])('is cut at the ends of sentences, with some of each passage in the next: %s', (_, text, stop) => {
    const passages = cutPassages(plain(text));
    expectWhole(text, passages);
    for (const passage of passages) {
      expect(tokensOf(text, passage)).toBeLessThan(470);
      expect(text[passage.end - 1]).toBe(stop);
    }
    for (const passage of passages.slice(0, -1)) expect(tokensOf(text, passage)).toBeGreaterThan(300);
    for (const [index, { start }] of passages.slice(1).entries()) {
      const repeated = estimateTokens(text.slice(start, passages[index]?.end));
      expect(repeated).toBeGreaterThan(20);
      expect(repeated).toBeLessThan(125);
    }
  });

  it.each([
    ['without any punctuation', 'words and more words '.repeat(3000)],
    ['without any space', 'x'.repeat(50_000)],
    ['of characters without an end', '字'.repeat(20_000)],
    ['of pairs of code units', '𝒳'.repeat(20_000)],
  ])('is cut all the same: %s', (_, text) => {
    const passages = cutPassages(plain(text));
    expectWhole(text, passages);
    for (const passage of passages) {
      expect(tokensOf(text, passage)).toBeLessThan(470);
      expect(text.slice(passage.start, passage.end).isWellFormed()).toBe(true);
    }
  });

  it('of one line of five megabytes does not take for ever', () => {
    const text = 'some words, and others; '.repeat(210_000);
    const startedAt = performance.now();
    expect(cutPassages(plain(text)).length).toBeGreaterThan(3000);
    expect(performance.now() - startedAt).toBeLessThan(8000);
  });

  it.each(['', '\n\n', '— 12 —', '***'])('of nothing has no passages: %j', (text) =>
    expect(cutPassages(plain(text))).toEqual([]),
  );
});

describe('headings', () => {
  it('go with their passages, and those in code do not', () => {
    const text = `# Boat\n\nShort.\n\n## Sails\n\n${english}\n\n\`\`\`sh\n# no heading\n\`\`\`\n\nSetext\n======\n\n${english}\n`;
    const passages = cutPassages(markdownText(text));
    expectWhole(text, passages);
    expect([...new Set(passages.map(({ headings }) => headings?.join(' > ')))]).toEqual(['Boat > Sails', 'Setext']);
  });

  it('of short sections stand together', () => {
    const text = `# A\n\n${'## B\n\nTwo words.\n\n'.repeat(5)}`;
    expect(cutPassages(markdownText(text))).toMatchObject([{ headings: ['A', 'B'] }]);
  });
});

describe('pages', () => {
  it('are never mixed in a passage, and an empty one keeps its number', () => {
    const document = pagesText(['One.', '', english, 'Four.']);
    const passages = cutPassages(document);
    expectWhole(document.text, passages);
    expect([...new Set(passages.map(({ page }) => page))]).toEqual([1, 3, 4]);
  });
});

it('code is cut between lines', () => {
  const { text, ...rest } = codeText('const value = compute(1, 2);\n'.repeat(300));
  for (const { start, end } of cutPassages({ text, ...rest })) {
    expect(text.slice(start, end).startsWith('const')).toBe(true);
    expect(text.slice(start, end).endsWith(';')).toBe(true);
  }
});

describe('words', () => {
  it('of a question and of a text meet in spite of their endings', () => {
    for (const [one, other] of [
      ['deleting', 'deleted'],
      ['models', 'model'],
      ['batteries', 'battery'],
      ['stopped', 'stops'],
      ['boxes', 'box'],
      ['bake', 'baking'],
    ] as const)
      expect(stem(one)).toBe(stem(other));
    for (const [one, other] of [
      ['bus', 'bu'],
      ['glass', 'glas'],
      ['this', 'thi'],
    ] as const)
      expect(stem(one)).not.toBe(stem(other));
  });

  it('that every question has are left out, unless nothing else is there', () => {
    expect(queryTerms('What is the price of it?')).toEqual(['pric']);
    expect(queryTerms('What is it?')).not.toEqual([]);
    expect(queryTerms('如何删除对话？')).toContain('删除');
  });

  it('are marked, those that touch as one', () => {
    const text = '房子的屋顶是红色的 roofs';
    expect(marksIn(text, new Set(['屋顶', '顶是', 'roof'])).map(([start, end]) => text.slice(start, end))).toEqual([
      '屋顶是',
      'roofs',
    ]);
  });
});

it('what two orders agree on comes first', () => {
  expect(
    fused([
      [1, 2, 3],
      [3, 4, 2],
    ])[0],
  ).toBe(3);
  expect(fused([[], [7]])).toEqual([7]);
});

describe('the search', () => {
  const search = new PlaceSearch();
  const put = async (id: string, text: string, vectors?: Int8Array<ArrayBuffer>): Promise<void> =>
    search.put({
      id,
      collectionId: 'c',
      name: `${id}.txt`,
      text: new Blob([text]),
      passages: cutPassages(plain(text)),
      ...(vectors && { vectors: { modelId: 'm', dimensions: 2, bytes: new Blob([vectors]) } }),
    });
  const found = (query: string, vector?: Float32Array): readonly string[] =>
    search
      .search({ query, collectionIds: ['c'], limit: 5, vectors: vector ? [{ modelId: 'm', vector }] : [] })
      .places.map(({ documentId }) => documentId);

  it('follows what is put, changed and removed', async () => {
    await put('a', 'Apples are red.');
    await put('b', 'Pears are green.');
    await put('twin', 'Pears are green.');
    expect(found('pear')).toEqual(['b']);
    await search.put({
      id: 'b',
      collectionId: 'c',
      name: 'b.txt',
      text: new Blob(['Plums.']),
      passages: cutPassages(plain('Plums.')),
    });
    expect(found('pear')).toEqual(['twin']);
    search.remove('twin');
    expect(found('pear')).toEqual([]);
    expect(found('plum')).toEqual(['b']);
    // One letter is wrong, and nothing has the word as it is.
    expect(found('appels')).toEqual(['a']);
  });

  it('finds by vectors what has none of the words, and not by those of another model', async () => {
    await put('a', 'Apples are red.', new Int8Array([127, 0]));
    await put('b', 'Plums.', new Int8Array([0, 127]));
    expect(found('fruit of a tree', new Float32Array([0, 1]))[0]).toBe('b');
    expect(found('fruit of a tree', new Float32Array([1, 0, 0]))).toEqual([]);
  });

  it('tells no part of a text twice', async () => {
    search.remove('a');
    search.remove('b');
    await put('long', english);
    const { places } = search.search({ query: 'sentence number', collectionIds: ['c'], limit: 20, vectors: [] });
    const spans = places.map(({ start, end }) => [start, end] as const).sort(([a], [b]) => a - b);
    for (const [index, [start]] of spans.slice(1).entries())
      expect(start).toBeGreaterThanOrEqual(spans[index]?.[1] ?? 0);
  });
});

describe('a file that was made to be slow, or large', () => {
  it.each([
    ['a line of blanks', `# a${' '.repeat(100_000)}b`],
    ['a line of blanks in a title of usual length', `# a${' '.repeat(200)}b`],
    ['a title of brackets', `# ${'['.repeat(290)}`],
    ['a line of signs', '#'.repeat(100_000)],
    ['an underline of blanks', `Title\n==${' '.repeat(100_000)}x`],
  ])('is read in no time: %s', (_, text) => {
    const startedAt = performance.now();
    markdownText(text);
    expect(performance.now() - startedAt).toBeLessThan(100);
  });

  it.each([
    ['Markdown with a title of all its text', markdownText(`# ${english}\n${english}`)],
    ['Markdown with such a line above an underline', markdownText(`${english}\n===\n${english}`)],
    ['a page whose title is never closed', htmlText(`<h1>On herons<p>${english}`)],
    ['a page whose title is closed by another', htmlText(`<h1>On herons<p>${english}</h2><p>${english}`)],
  ])('has no title that is longer than one: %s', (_, document) => {
    const passages = cutPassages(document);
    expect(passages.length).toBeGreaterThan(3);
    for (const { headings = [] } of passages) expect(headings.join('').length).toBeLessThan(300);
  });

  it('keeps the titles that are some', () => {
    const titles = markdownText('# One #\n## *Two*  \n### [Three](x) ###\nFour\n----\n#Five').headings;
    expect(titles.map(({ title, level }) => [level, title])).toEqual([
      [1, 'One'],
      [2, 'Two'],
      [3, 'Three'],
      [2, 'Four'],
    ]);
  });
});
