/** What a GPU answers when it is asked to count. */
import { describe, expect, it } from 'vitest';
import { judgeAnswer } from '../../src/engine/known-answer';

describe('an answer', () => {
  it.each([
    '1 2 3 4 5 6 7 8 9',
    '123456789',
    '1, 2, 3, 4, 5, 6, 7, 8, 9.',
    'Sure!\n1\n2\n3\n4\n5\n6\n7\n8\n9\n',
    '<think>\n\n</think>\n\n1 2 3 4 5 6 7 8 9',
  ])('is right: %j', (text) => expect(judgeAnswer(text)).toBe('right'));

  it.each([
    'Sure, here are the numbers from one to nine.',
    '1 2 3 4 5 6 7 8',
    'Hello from the real WebLLM engine, running synthetic weights.',
    '一、二、三、四、五、六、七、八、九',
    'Okay',
    'Count from 1 to 9. Answer with the digits only.',
  ])('is readable: %j', (text) => expect(judgeAnswer(text)).toBe('readable'));

  it.each([
    ['nothing', ''],
    ['blanks', ' \n\n  '],
    ['an empty thought', '<think>\n\n</think>'],
    ['one token again and again', 'the the the the the the the the the the'],
    ['one sign again and again', '!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!'],
    ['two tokens in turn', 'a b a b a b a b a b a b'],
    ['one character again and again', '的的的的的的的的的的的的的的的的的的的的的的的的的的'],
    ['control characters', 'abc\u0001\u0002 def ghi'],
    ['replacement characters', 'the \ufffd\ufffd of'],
    ['a mix of many scripts', 'gre中лиעμ the ไทย forमान'],
    ['signs only', '%%$ -- ;; ##@ ()'],
  ])('is rubbish: %s', (_, text) => expect(judgeAnswer(text)).toBe('rubbish'));
});
