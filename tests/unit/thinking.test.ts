import { describe, expect, it } from 'vitest';
import { splitThinking } from '../../src/chat/thinking';

describe('what a model thought is told from what it answered', () => {
  it.each([
    [
      'a thought and an answer',
      '<think>\nFirst.\n</think>\n\nThen.',
      { thinking: 'First.', answer: 'Then.', open: false },
    ],
    ['no thought', 'Just an answer.', { thinking: null, answer: 'Just an answer.', open: false }],
    ['an empty thought', '<think>\n\n</think>\n\nThen.', { thinking: null, answer: 'Then.', open: false }],
    [
      'an opener that the template had',
      'First.\n</think>\n\nThen.',
      { thinking: 'First.', answer: 'Then.', open: false },
    ],
    ['a thought without end', '<think>\nOn and on', { thinking: 'On and on', answer: '', open: true }],
    [
      'white space before the opener',
      '\n <think>First.</think>Then.',
      { thinking: 'First.', answer: 'Then.', open: false },
    ],
    [
      'the tag in a sentence',
      'Models write `</think>` there.',
      { thinking: null, answer: 'Models write `</think>` there.', open: false },
    ],
    ['the tag in code', '```\n</think>\n```', { thinking: null, answer: '```\n</think>\n```', open: false }],
    ['a second closer', '<think>a</think>b</think>c', { thinking: 'a', answer: 'b</think>c', open: false }],
    ['nothing', '', { thinking: null, answer: '', open: false }],
  ])('%s', (_name, text, expected) => {
    expect(splitThinking(text, false)).toEqual(expected);
  });

  it('never shows a part of a tag while the text grows', () => {
    const text = '<think>\nFirst < second.\n</think>\n\nThen.';
    for (let length = 0; length <= text.length; length += 1) {
      const { thinking, answer } = splitThinking(text.slice(0, length), true);
      expect(`${thinking ?? ''}|${answer}`).not.toMatch(/<\/|<t|think/);
    }
  });

  it('shows an answer at once that begins like a tag and is none', () => {
    expect(splitThinking('<th', true).answer).toBe('');
    expect(splitThinking('<that', true).answer).toBe('<that');
    expect(splitThinking('<th', false).answer).toBe('<th');
  });
});
