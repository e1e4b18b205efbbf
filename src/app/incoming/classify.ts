/** What a file that came from outside is, by its first bytes: names and types are whatever the sender says. */
import { isSound } from '../../shared/domain/sound-kind';
import { decodeText } from '../../shared/domain/decode-text';
import { pictureKind } from '../../shared/domain/picture-kind';

export type IncomingKind =
  /** A model for llama.cpp. */
  | 'model'
  /** An export of chats. */
  | 'chats'
  /** Words, for a message. */
  | 'text'
  /** Words that must be read first, as those of a PDF or in an encoding of old, or too many to type: to go with a message. */
  | 'attachment'
  /** To go with a message, or to be told why not. */
  | 'picture'
  /** Something said, to be written down or sent as it is. */
  | 'sound'
  /** Nothing that Sotto can read. */
  | 'unreadable';

/** Longer texts, in bytes, would make the message box slow; as a file a text of any length is cut to what fits. */
export const mostTextBytes = 1_000_000;

/** Enough to recognize either format, and to see whether it is text at all. */
const lookedAtBytes = 4096;

const startsWith = (bytes: Uint8Array, word: string): boolean =>
  [...word].every((letter, index) => bytes[index] === letter.charCodeAt(0));

function isUtf8(bytes: Uint8Array, isWhole: boolean): boolean {
  // No text in this encoding has this byte; files of most other formats do, soon.
  if (bytes.includes(0)) return false;
  try {
    // A character may be cut at the end of the part that was read.
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: !isWhole });
    return true;
  } catch {
    return false;
  }
}

/** @throws DOMException when the file cannot be read any more */
export async function classify(file: Blob): Promise<IncomingKind> {
  const head = new Uint8Array(await file.slice(0, lookedAtBytes).arrayBuffer());
  if (startsWith(head, 'GGUF')) return 'model';
  const isWhole = file.size <= lookedAtBytes;
  if (startsWith(head, '%PDF-')) return 'attachment';
  if (pictureKind(head, file.type) !== null) return 'picture';
  if (isSound(head, file.type)) return 'sound';
  if (!isUtf8(head, isWhole)) return decodeText(head).kind === 'binary' ? 'unreadable' : 'attachment';
  if (/^\s*\{[^\n]*"type"\s*:\s*"sotto-chats"/.test(new TextDecoder().decode(head))) return 'chats';
  if (file.size === 0) return 'unreadable';
  return file.size <= mostTextBytes ? 'text' : 'attachment';
}
