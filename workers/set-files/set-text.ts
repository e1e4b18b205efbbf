/** The text of a file with a set. */
import { markedEncoding, type TextEncoding } from '../../src/shared/domain/text-encoding';
import { labFailure, mostSetBytes } from './set-draft';

/**
 * @param encoding what the person says that the bytes are in; a mark at their beginning counts more, and without both it is UTF-8
 * @throws FailureError `lab-set-too-large` or `lab-set-unreadable`
 */
export function setText(name: string, content: Uint8Array | string, encoding?: TextEncoding): string {
  const text = typeof content === 'string' ? content : decoded(name, content, encoding);
  if (text.length > mostSetBytes) throw labFailure('lab-set-too-large', name, `${text.length} characters`);
  return text.replace(/^\ufeff/, '');
}

function decoded(name: string, bytes: Uint8Array, encoding?: TextEncoding): string {
  if (bytes.length > mostSetBytes) throw labFailure('lab-set-too-large', name, `${bytes.length} bytes`);
  const label = markedEncoding(bytes) ?? encoding ?? 'utf-8';
  try {
    const text = new TextDecoder(label, { fatal: true }).decode(bytes);
    // UTF-16 without a mark is UTF-8 with every second character a null.
    const sample = text.slice(0, 1000);
    if (sample.split('\u0000').length * 5 > sample.length + 5) throw new TypeError('null characters');
    return text;
  } catch (error) {
    throw labFailure('lab-set-unreadable', name, `no ${label}: ${error instanceof Error ? error.message : ''}`);
  }
}
