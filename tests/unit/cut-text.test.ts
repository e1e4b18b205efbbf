/** Whatever is cut to a length, a title or a label, ends with a whole character. */
import { describe, expect, it, vi } from 'vitest';
import { parseAppLink } from '../../src/app/incoming/addresses';
import { cutText } from '../../src/shared/domain/cut-text';
import { textIn } from '../../src/shared/domain/fields';
import { firstLine } from '../../src/shared/domain/first-line';
import { withFiles } from '../../src/chat/files/file-template';
import { imagePlaceholder } from '../../src/chat/markdown/image-placeholder';
import { turnsOf } from '../../src/chat/prompt';
import { sentencesOf } from '../../src/chat/speech/speakable';
import { tagFrom } from '../../src/library/tags';
import { titleFrom } from '../../src/library/title-words';
import { snippetOf } from '../../workers/search/marked-text';

const family = '👨‍👩‍👧‍👦';
const signs = {
  'a surrogate pair': '😀',
  'a family': family,
  'a flag': '🇨🇳',
  'an accent of its own': 'e\u0301',
  'a skin tone': '👍🏽',
};

/** Every length of words before the sign, so that each of its parts is once at the border. */
const lines = (sign: string, longest: number): string[] =>
  Array.from({ length: sign.length + 2 }, (_, index) => 'a'.repeat(Math.max(0, longest - index)) + sign.repeat(40));

const endsWhole = (text: string, sign: string): boolean => new RegExp(`^[a…]*(?:${sign})*…?$`, 'u').test(text);

describe.each(Object.entries(signs))('%s', (_name, sign) => {
  it.each([
    ['a text', 50, (text: string) => cutText(text, 50)],
    ['a title from the first line', 59, firstLine],
    ['a tag', 40, (text: string) => tagFrom(text, []) ?? ''],
    ['a field of an imported file', 50, (text: string) => textIn(text, 50) ?? ''],
    [
      'a name of a file in a prompt',
      200,
      (text: string) =>
        /"(.*)"/.exec(withFiles('', [{ name: text, text: null, usedCharacters: 0, textCharacters: 0 }]))?.[1] ?? '',
    ],
    [
      'the address of an image',
      120,
      (text: string) => imagePlaceholder(text, '').querySelector('code')?.textContent ?? '',
    ],
  ])('is never halved at the end of %s', (_what, longest, cut) => {
    for (const text of lines(sign, longest)) {
      expect(endsWhole(cut(text), sign), cut(text)).toBe(true);
      expect(cut(text).length).toBeLessThanOrEqual(longest + 1);
    }
  });

  it('is never halved in what is read aloud, found, shared or sent', () => {
    for (const text of lines(sign, 180))
      for (const piece of sentencesOf(text)) expect(endsWhole(piece, sign), piece).toBe(true);
    for (const text of lines(sign, 100)) {
      const pieces = snippetOf(`b1 ${text}`, new Set(['b1'])) ?? [];
      expect(
        endsWhole(
          pieces
            .map(({ text: piece }) => piece)
            .join('')
            .replace('b1 ', ''),
          sign,
        ),
      ).toBe(true);
      const before =
        snippetOf(`${sign.repeat(40)}${'a'.repeat(text.indexOf(sign) % 20)}，离线`, new Set(['离线'])) ?? [];
      expect(before.map(({ text: piece }) => piece).join('')).toMatch(new RegExp(`^…(?:${sign})*a*，离线$`, 'u'));
    }
    for (const text of lines(sign, 100_000)) {
      const asked = parseAppLink(`web+sotto:chat?text=${encodeURIComponent(text)}`);
      expect(asked?.kind === 'text' && endsWhole(asked.text, sign)).toBe(true);
    }
    for (const usedCharacters of [9, 10, 11, 12, 13, 14]) {
      const ref = { id: 'f', name: 'a', mediaType: '', bytes: 1, usedCharacters, textCharacters: 99 };
      const question = {
        role: 'user',
        id: 'q',
        conversationId: 'c',
        parentId: null,
        createdAt: 1,
        text: '',
        attachments: [ref],
      } as const;
      const [turn] = turnsOf([question], false, { fileTexts: new Map([['f', `aaaaaaaaa${sign.repeat(9)}`]]) });
      expect(endsWhole(/```\n(.*)\n```/.exec(turn?.content ?? '')?.[1] ?? '?', sign)).toBe(true);
    }
  });
});

it('a text that fits is left alone, and a heap of accents is cut all the same', () => {
  expect(cutText(family, family.length)).toBe(family);
  expect(cutText('abc', 9)).toBe('abc');
  expect(cutText(`e${'\u0301'.repeat(500)}`, 100)).toHaveLength(100);
  expect(cutText('😀'.repeat(9), 0)).toBe('');
});

it('a browser that cannot tell characters apart cuts beside a surrogate pair, and fails at nothing', async () => {
  vi.resetModules();
  const { Segmenter } = Intl;
  Reflect.deleteProperty(Intl, 'Segmenter');
  try {
    const { cutText: cut } = await import('../../src/shared/domain/cut-text');
    expect(cut(`aaa${'😀'.repeat(9)}`, 5)).toBe('aaa😀');
    expect(cut(`aaa${'😀'.repeat(9)}`, 6)).toBe('aaa😀');
    expect(cut('abcdef', 3)).toBe('abc');
    expect(cut('abc', 9)).toBe('abc');
    expect(cut('é'.repeat(50), 10)).toBe('é'.repeat(10));
    expect(cut('😀'.repeat(9), 0)).toBe('');
  } finally {
    Object.defineProperty(Intl, 'Segmenter', { value: Segmenter, configurable: true, writable: true });
    vi.resetModules();
  }
});

describe('a title', () => {
  it('is the first line, however lines end', () => {
    for (const end of ['\n', '\r\n', '\r', '\u2028'])
      expect(firstLine(`\n Title ${end}more`.replace(/^\n/, end))).toBe('Title');
  });

  it('that a model gives keeps its emoji in one piece', () => {
    expect(titleFrom(`${family} Family trips`)).toBe(`${family} Family trips`);
    expect(titleFrom('👩🏽‍💻 Code\r\nmore')).toBe('👩🏽‍💻 Code');
    expect(titleFrom('می‌خواهم فارسی')).toBe('می‌خواهم فارسی');
    // Direction marks and joiners that join nothing would make a list lie.
    expect(titleFrom('a\u202e\u200db\u200c c')).toBe('ab c');
  });
});
