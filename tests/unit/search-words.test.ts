import { describe, expect, it } from 'vitest';
import { markedText, snippetOf } from '../../workers/search/marked-text';
import { SearchIndex } from '../../workers/search/search-index';
import { queryWords, wordsOf, wordTexts } from '../../workers/words';

describe('words', () => {
  it('are lower case, without accents and punctuation', () => {
    expect(wordTexts('Crème brûlée, 3.5 kg — “Été”!')).toEqual(['creme', 'brulee', '3', '5', 'kg', 'ete']);
  });

  it('of scripts without spaces are pairs of neighbours', () => {
    expect(wordTexts('离线也能用 offline')).toEqual(['离线', '线也', '也能', '能用', '用', 'offline']);
    expect(queryWords('离线')).toEqual(['离线']);
    expect(queryWords('用')).toEqual(['用']);
  });

  it('stand where they say', () => {
    const text = 'Ünder 𠮷野家 and more';
    for (const { start, end, text: word } of wordsOf(text)) {
      expect(text.slice(start, end).normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase()).toBe(word);
    }
  });

  it('are the same with and without their places', () => {
    for (const text of ['Crème 离线也能用 offline, ok', '𠮷野家', 'ไทย and 日本語テスト!', '']) {
      expect(Array.from(wordsOf(text), (word) => word.text)).toEqual(wordTexts(text));
    }
  });

  it('of any length end', () => {
    expect(wordTexts('A'.repeat(1_000_000))).toEqual(['a'.repeat(40)]);
  });
});

describe('marking', () => {
  const words = new Set(['gpu', '离线', '线可']);
  const joined = (text: ReturnType<typeof markedText>): string =>
    text.map(({ text: piece, marked }) => (marked ? `[${piece}]` : piece)).join('');

  it('marks whole words, and one range for pairs that overlap', () => {
    expect(joined(markedText('The GPU. Gpus? <b>GPU</b> 离线可用', words))).toBe(
      'The [GPU]. Gpus? <b>[GPU]</b> [离线可]用',
    );
    expect(joined(markedText('', words))).toBe('');
  });

  it('shows the first place, cut at words', () => {
    const long = `${'word '.repeat(100)}the GPU here ${'tail '.repeat(100)}`;
    const snippet = joined(snippetOf(long, words) ?? []);
    expect(snippet).toMatch(/^…word .*the \[GPU\] here tail .*…$/);
    expect(snippet.length).toBeLessThan(140);
    expect(snippetOf('nothing', words)).toBeNull();
  });

  it('never begins in the middle of a character', () => {
    const snippet = snippetOf(`${'𠮷'.repeat(60)}离线`, new Set(['离线'])) ?? [];
    expect(snippet.map(({ text }) => text).join('')).not.toMatch(/^…[\udc00-\udfff]/);
  });
});

describe('the index', () => {
  const index = new SearchIndex();
  const put = (id: string, title: string, texts: string[] = [], updatedAt = 1): void =>
    index.put({
      id,
      title,
      messages: texts.map((text) => ({ messageId: id, text, fileName: null })),
      files: [],
      updatedAt,
    });
  put('a', 'On a plane', ['How do I use this offline?', 'Load the page once.']);
  put('b', 'WebGPU', ['What is a compute shader?']);
  put('c', '离线使用', ['没有网络的时候怎么用？']);
  const found = (query: string): string[] => index.search(query).map(({ id }) => id);

  it('finds titles, contents, beginnings and misspellings', () => {
    expect(found('plane')).toEqual(['a']);
    expect(found('shader')).toEqual(['b']);
    expect(found('offl')).toEqual(['a']);
    expect(found('ofline')).toEqual(['a']);
    expect(found('webgpu compute')).toEqual(['b']);
    expect(found('webgpu plane')).toEqual([]);
  });

  it('finds something while a word has only begun', () => {
    expect(found('p')).toEqual(['a']);
    expect(found('pl')).toEqual(['a']);
    expect(found('shader co')).toEqual(['b']);
    expect(found('x')).toEqual([]);
  });

  it('finds any part of a Chinese sentence', () => {
    expect(found('离线')).toEqual(['c']);
    expect(found('网络')).toEqual(['c']);
    expect(found('时候怎么')).toEqual(['c']);
    expect(found('用')).toEqual(['c']);
    expect(found('络网')).toEqual([]);
  });

  it('follows what changes and what goes', () => {
    put('a', 'On a train', ['Still no network']);
    expect(found('plane')).toEqual([]);
    expect(found('train')).toEqual(['a']);
    index.remove('a');
    index.remove('a');
    expect(found('train')).toEqual([]);
    expect(index.size).toBe(2);
  });

  it('has nothing for nothing', () => {
    for (const query of ['', '   ', '!!!', '\u0000']) expect(found(query)).toEqual([]);
  });

  it('puts a title before a content, and the newer of two alike first', () => {
    put('old', 'Bread', [], 0);
    put('new', 'Bread', [], 400 * 86_400_000);
    put('inside', 'Baking', ['bread'], 400 * 86_400_000);
    expect(found('bread')).toEqual(['new', 'old', 'inside']);
  });
});
