/**
 * Which encoding a text is in: told where it is beyond doubt, asked otherwise, never wrong without a word. In a browser, because
 * Node decodes some encodings in other ways.
 */
import { describe, expect, it } from 'vitest';
import { tellingSample } from '../../src/shared/domain/text-encoding';
import { rankEncodings } from '../../workers/text-encoding/rank-encodings';
import { fromBase64 } from '../../src/shared/platform/base64';
import { encodedTexts } from '../fixtures/encoded-texts';

const rank = (bytes: Uint8Array): ReturnType<typeof rankEncodings> => rankEncodings(tellingSample(bytes));
describe('the encoding of a text', () => {
  it.each(encodedTexts)('is recognized: %s', (_name, encoding, base64) => {
    const { sure, choices } = rank(fromBase64(base64));
    expect([choices[0]?.encoding, sure]).toEqual([encoding, true]);
  });

  it.each(encodedTexts)('is asked, or right, however short the text is: %s', (_name, _encoding, base64, text) => {
    const bytes = fromBase64(base64);
    for (const [index, byte] of bytes.entries()) {
      if (byte !== 0x0a && byte !== 0x2c) continue;
      const part = bytes.subarray(0, index);
      if (part.every((one) => one < 0x80)) continue;
      const { sure, choices } = rank(part);
      const texts = choices.map((choice) => new TextDecoder(choice.encoding).decode(part));
      expect(
        texts.some((one) => text.startsWith(one)),
        text.slice(0, 20),
      ).toBe(true);
      if (sure) expect(text.slice(0, texts[0]?.length)).toBe(texts[0]);
    }
  });

  it.each([
    ['in lines', 0x0a],
    ['in lines that end in carriage returns', 0x0d],
    ['in one line', 0x20],
  ])('is found behind a megabyte of figures %s', (_, lineEnd) => {
    const figures = new TextEncoder().encode(`1,2,3,4${String.fromCharCode(lineEnd)}`.repeat(130_000));
    for (const [name, encoding, base64] of encodedTexts) {
      const text = fromBase64(base64).map((byte) => (byte === 0x0a ? lineEnd : byte));
      const bytes = new Uint8Array(figures.length + text.length);
      bytes.set(figures);
      bytes.set(text, figures.length);
      const { sure, choices } = rank(bytes);
      expect([choices[0]?.encoding, sure], name).toEqual([encoding, true]);
    }
  });

  it('is still among the choices when a byte of a long text is lost', () => {
    for (const [name, encoding, base64] of encodedTexts) {
      const whole = fromBase64(base64);
      const long = new Uint8Array(Array.from({ length: 40 }, () => [...whole]).flat());
      const at = long.findIndex((byte, index) => index > long.length / 2 && byte >= 0x80);
      const broken = new Uint8Array([...long.subarray(0, at), ...long.subarray(at + 1)]);
      const { sure, choices } = rank(broken);
      expect(
        choices.map((choice) => choice.encoding),
        name,
      ).toContain(encoding);
      if (sure) expect(choices[0]?.encoding, name).toBe(encoding);
    }
  });

  it('shows a preview of the lines that differ', () => {
    const [, , base64 = ''] = encodedTexts[0] ?? [];
    const bytes = new Uint8Array([...new TextEncoder().encode('a,b,c\n1,2,3\n'), ...fromBase64(base64)]);
    expect(rank(bytes).choices[0]?.preview).toMatch(/^이름,나이,도시\n김철수/);
  });
});
