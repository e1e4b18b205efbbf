import type { TextEncoding } from '../../shared/domain/text-encoding';
import { m } from '../../text/paraglide/messages.js';

/** What an encoding is called, with the languages it was made for. */
export const encodingNames: Readonly<Record<TextEncoding, () => string>> = {
  'utf-8': () => 'UTF-8',
  'utf-16le': () => 'UTF-16 LE',
  'utf-16be': () => 'UTF-16 BE',
  gb18030: () => m.encoding_simplified_chinese({ name: 'GBK, GB18030' }),
  big5: () => m.encoding_traditional_chinese({ name: 'Big5' }),
  shift_jis: () => m.encoding_japanese({ name: 'Shift-JIS' }),
  'euc-jp': () => m.encoding_japanese({ name: 'EUC-JP' }),
  'iso-2022-jp': () => m.encoding_japanese({ name: 'ISO-2022-JP' }),
  'euc-kr': () => m.encoding_korean({ name: 'EUC-KR, CP949' }),
  'windows-1252': () => m.encoding_western({ name: 'Windows-1252' }),
  'windows-1250': () => m.encoding_central_european({ name: 'Windows-1250' }),
  'iso-8859-2': () => m.encoding_central_european({ name: 'ISO-8859-2' }),
  'windows-1251': () => m.encoding_cyrillic({ name: 'Windows-1251' }),
  'koi8-u': () => m.encoding_cyrillic({ name: 'KOI8-R, KOI8-U' }),
  ibm866: () => m.encoding_cyrillic({ name: 'CP866' }),
  'windows-1253': () => m.encoding_greek({ name: 'Windows-1253' }),
  'windows-1254': () => m.encoding_turkish({ name: 'Windows-1254' }),
  'windows-1255': () => m.encoding_hebrew({ name: 'Windows-1255' }),
  'windows-1256': () => m.encoding_arabic({ name: 'Windows-1256' }),
  'windows-1257': () => m.encoding_baltic({ name: 'Windows-1257' }),
  'windows-1258': () => m.encoding_vietnamese({ name: 'Windows-1258' }),
  'windows-874': () => m.encoding_thai({ name: 'Windows-874' }),
};
