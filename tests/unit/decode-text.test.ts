import { describe, expect, it } from 'vitest';
import { decodeText } from '../../src/shared/domain/decode-text';
import { fromBase64 } from '../../src/shared/platform/base64';
import { encodedTexts } from '../fixtures/encoded-texts';

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
function utf16(text: string, littleEndian: boolean, mark: boolean): Uint8Array {
  const units = (mark ? `\ufeff${text}` : text).split('').map((unit) => unit.charCodeAt(0));
  const view = new DataView(new ArrayBuffer(units.length * 2));
  for (const [index, unit] of units.entries()) view.setUint16(index * 2, unit, littleEndian);
  return new Uint8Array(view.buffer);
}

const chinese = '姓名,城市,备注\n王小明,北京,喜欢读书，也喜欢旅行。\n李华,上海,“周末”常去公园散步……\n';

describe('text in the usual encodings', () => {
  it.each<readonly [string, Uint8Array, string]>([
    ['UTF-8', utf8(chinese), chinese],
    ['UTF-8 with a mark', Uint8Array.of(0xef, 0xbb, 0xbf, ...utf8('a,b\n')), 'a,b\n'],
    ['UTF-16, little end first, with a mark', utf16(chinese, true, true), chinese],
    ['UTF-16, big end first, with a mark', utf16(chinese, false, true), chinese],
    ['UTF-16, little end first, without', utf16('name;value\nä;1\n', true, false), 'name;value\nä;1\n'],
    ['UTF-16, big end first, without', utf16('name;value\nä;1\n', false, false), 'name;value\nä;1\n'],
    ['terminal output with colors', utf8('\u001b[31mred\u001b[0m\n'), '\u001b[31mred\u001b[0m\n'],
    ['nothing', new Uint8Array(), ''],
  ])('is read without being asked about: %s', (_name, encoded, text) =>
    expect(decodeText(encoded)).toMatchObject({ kind: 'text', text, damaged: 0 }),
  );
});

describe('text in an encoding that it does not name', () => {
  it.each(encodedTexts)('is not guessed at: %s', (_name, _encoding, base64) =>
    expect(decodeText(fromBase64(base64)).kind).toBe('unnamed'),
  );
});

describe('damaged text', () => {
  it('in UTF-8 is read, and its broken places are counted', () => {
    const whole = utf8(chinese.repeat(3));
    const broken = new Uint8Array([...whole.subarray(0, 4), ...whole.subarray(5, whole.length - 2)]);
    expect(decodeText(broken)).toMatchObject({ kind: 'text', encoding: 'utf-8', damaged: 2 });
  });

  it('in UTF-16 that ends in the middle of a character loses only that', () => {
    expect(decodeText(utf16(chinese, true, true).subarray(0, -1))).toMatchObject({
      kind: 'text',
      text: chinese.slice(0, -1),
    });
  });

  it('in one Japanese encoding of terminals and mails is read as Japanese', () => {
    expect(decodeText(utf8('\u001b$BF|K\\8l\u001b(B\n'))).toMatchObject({ encoding: 'iso-2022-jp', text: '日本語\n' });
  });
});

describe('no text', () => {
  it.each<readonly [string, Uint8Array]>([
    ['a PNG', Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 0x0d, 0x49, 0x48, 0x44, 0x52)],
    ['a ZIP', Uint8Array.of(0x50, 0x4b, 3, 4, 0x14, 0, 0, 0, 8, 0, 0x21, 0x5a, 0xfe, 0x9b)],
    ['random bytes', Uint8Array.from({ length: 4096 }, (_, index) => (index * 7919 + (index >> 3) * 104729) % 256)],
    ['zeros', new Uint8Array(1000)],
    ['a program', Uint8Array.of(0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 3, 0, 0x3e, 0)],
  ])('is seen in %s', (_name, encoded) => expect(decodeText(encoded).kind).toBe('binary'));
});
