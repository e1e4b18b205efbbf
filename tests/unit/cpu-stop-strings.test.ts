import { describe, expect, it } from 'vitest';
import { StopStrings } from '../../workers/engine/cpu/sampling/stop-strings';
import { mulberry32 } from '../../workers/engine/seeded-random';

/** What is shown of an answer that comes in these pieces. */
function shown(stops: readonly string[], pieces: readonly string[]): { text: string; met: boolean } {
  const strings = new StopStrings(stops);
  let text = '';
  for (const piece of pieces) text += strings.push(piece);
  return { text: text + strings.flush(), met: strings.met };
}

describe('stop strings', () => {
  it.each<[stops: string[], pieces: string[], text: string, met: boolean]>([
    [['END'], ['one ', 'END', ' two'], 'one ', true],
    [['END'], ['one E', 'N', 'D two'], 'one ', true],
    [['END'], ['one E', 'N', 'd two'], 'one ENd two', false],
    [['END'], ['one EN'], 'one EN', false],
    [['END'], ['oENEND'], 'oEN', true],
    [['aab'], ['aa', 'aab'], 'aa', true],
    [['</s>', '</', 'User:'], ['Hi', ' Us', 'er', ': x'], 'Hi ', true],
    [['abc', 'b'], ['xabc'], 'xa', true],
    [['c', 'abc'], ['xabc'], 'x', true],
    [['\n\n'], ['a\n', 'b\n', '\nc'], 'a\nb', true],
    [['好的'], ['你好', '的'], '你', true],
    [['😀!'], ['a😀', '?'], 'a😀?', false],
    [['\ud83d'], ['a😀b'], 'a😀b', false],
    [['x'], ['x'], '', true],
    [[], ['a', 'b'], 'ab', false],
    [[''], ['a', 'b'], 'ab', false],
    [['a'], ['', 'b', ''], 'b', false],
  ])('%j in %j leave %j', (stops, pieces, text, met) => {
    expect(shown(stops, pieces)).toEqual({ text, met });
  });

  it('what cannot begin one is shown at once, and what may is held back', () => {
    const strings = new StopStrings(['User:', '\nU']);
    expect(strings.push('Hello')).toBe('Hello');
    expect(strings.push(' Use')).toBe(' ');
    expect(strings.push('ful')).toBe('Useful');
    expect(strings.push('\n')).toBe('');
    expect(strings.flush()).toBe('\n');
    expect(strings.flush()).toBe('');
  });

  it('after one was met nothing is shown any more', () => {
    const strings = new StopStrings(['b']);
    expect(strings.push('abc')).toBe('a');
    expect(strings.push('def')).toBe('');
    expect(strings.flush()).toBe('');
  });

  it('what is shown hangs on the text alone, not on its pieces, and never goes beyond a stop string', () => {
    const random = mulberry32(21);
    const letters = (count: number): string =>
      Array.from({ length: count }, () => 'abA'[Math.floor(random() * 3)] ?? '').join('');
    for (let round = 0; round < 3000; round += 1) {
      const stops = Array.from({ length: 1 + Math.floor(random() * 4) }, () => letters(1 + Math.floor(random() * 5)));
      const text = letters(30);
      const pieces: string[] = [];
      for (let from = 0; from < text.length;) {
        const to = from + Math.floor(random() * 6);
        pieces.push(text.slice(from, to));
        from = to;
      }
      const found = shown(stops, pieces);
      expect(found).toEqual(shown(stops, [...text]));
      expect(found).toEqual(shown(stops, [text]));
      expect(text.startsWith(found.text)).toBe(true);
      expect(stops.some((stop) => found.text.includes(stop))).toBe(false);
      expect(found.met).toBe(stops.some((stop) => text.includes(stop)));
      if (found.met) expect(stops.some((stop) => text.startsWith(stop, found.text.length))).toBe(true);
      else expect(found.text).toBe(text);
    }
  });
});
