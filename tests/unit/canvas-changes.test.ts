/** Changes of a canvas in an imported file: one that is hostile neither hangs the import nor loses the file. */
import { describe, expect, it } from 'vitest';
import { changedDocument } from '../../workers/chat-files/canvas-changes';

const change = (content: string, pattern: string, replacement: string, multiple = true) =>
  changedDocument(content, [{ pattern, replacement, multiple }]);

describe('a change of a canvas', () => {
  it.each([
    ['a phrase', 'one two one', 'one', 'three', 'three two three'],
    ['a repetition', 'print(n)  # note', ' *# note', '', 'print(n)'],
    ['a lazy repetition', '<b>x</b>', '<b>.*?</b>', 'y', 'y'],
    ['a named group', 'one', '(?P<first>o)ne', '\\g<first>', 'o'],
    ['escaped signs', 'Why? a|b', 'Why\\? a\\|b', 'So.', 'So.'],
    ['a set of signs', 'a?', '[?|]', '!', 'a!'],
  ])('by %s is made', (_, content, pattern, replacement, after) => {
    expect(change(content, pattern, replacement)).toEqual({ content: after, made: 1, failed: 0 });
  });

  it.each([
    ['of many signs that may be missing', 'a'.repeat(28), 'a?'.repeat(28) + 'a'.repeat(28) + 'b'],
    ['of many choices', 'a'.repeat(28) + 'b', '(a|a)'.repeat(28) + 'c'],
    ['of several repetitions', 'ab'.repeat(500), '.*.*.*c'],
    ['in a document too long for it', 'a'.repeat(100_000), 'a*b'],
  ])('by a pattern %s is refused at once', (_, content, pattern) => {
    const from = performance.now();
    expect(change(content, pattern, 'x')).toEqual({ content, made: 0, failed: 1 });
    expect(performance.now() - from).toBeLessThan(500);
  });

  it.each([
    ['nothing', ''],
    ['a letter', 'a'],
    ['a pattern', '[a]'],
  ])(
    'that puts a long text in the place of %s, again and again, is refused, and those after it are made',
    (_, pattern) => {
      const content = `${'a'.repeat(15_000)}b`;
      const long = 'x'.repeat(1_000_000);
      const {
        made,
        failed,
        content: after,
      } = changedDocument(content, [
        { pattern, replacement: long, multiple: true },
        { pattern: 'b', replacement: 'c', multiple: false },
      ]);
      expect([made, failed]).toEqual([1, 1]);
      expect(after).toBe(`${'a'.repeat(15_000)}c`);
    },
  );
});
