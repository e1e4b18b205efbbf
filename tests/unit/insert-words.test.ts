import { describe, expect, it } from 'vitest';
import { insertWords } from '../../src/chat/dictation/insert-words';

describe('what was said, put between what is written', () => {
  it.each([
    ['', 'Hello there.', 0, 0, 'Hello there.'],
    ['First.', 'Second.', 6, 6, 'First. Second.'],
    ['Look at this', 'very carefully', 7, 7, 'Look at very carefully this'],
    ['one two three', 'TWO', 4, 7, 'one TWO three'],
    ['(', 'aside', 1, 1, '(aside'],
    ['Yes, he said.', 'really', 3, 3, 'Yes really, he said.'],
    ['line\n', 'next', 5, 5, 'line\nnext'],
    ['你好', '世界', 2, 2, '你好世界'],
    ['用', 'Sotto', 1, 1, '用Sotto'],
  ])('%j and %j', (text, words, from, to, whole) => {
    const inserted = insertWords(text, words, from, to);
    expect(inserted.text).toBe(whole);
    expect(inserted.text.slice(0, inserted.caret).endsWith(words)).toBe(true);
  });

  it('goes to the end where no caret is known', () => {
    expect(insertWords('Draft', 'words')).toEqual({ text: 'Draft words', caret: 11 });
  });
});
