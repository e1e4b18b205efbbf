/** The text in a file that a person gives with a question. Its first bytes tell what it is; names lie. */
import { failed, failureFrom, type Result } from '../../shared/protocol/failure';
import type { EncodingChoice, TextEncoding } from '../../shared/domain/text-encoding';
import { isPdf } from '../../shared/domain/pdf-kind';
import { pictureKind } from '../../shared/domain/picture-kind';
import type { PreparedPicture } from '../../shared/protocol/pictures';
import { loadPart } from '../../ui/load-part';
import { decodedAs, decodeText, type DecodedText } from '../../shared/domain/decode-text';
import { likelyEncodings } from './likely-encodings';

/** Text of this size is some millions of tokens, far beyond any window; read whole it would only fill the memory. */
const longestTextBytes = 10_000_000;
/** Pages have pictures and fonts in them. */
const longestPdfBytes = 100_000_000;

export type FileText =
  | {
      readonly kind: 'text';
      readonly text: string;
      /** Places in the file that are no character, each shown as �. */
      readonly damaged: number;
      /** Null where nobody need know it. */
      readonly encoding: TextEncoding | null;
      /** Other encodings that the file may be in; empty where it says itself which it is. */
      readonly choices: readonly EncodingChoice[];
    }
  /** It has no text, and goes to models that see. */
  | { readonly kind: 'picture'; readonly picture: PreparedPicture }
  /** A person must say which of them it is. */
  | { readonly kind: 'encoding-wanted'; readonly choices: readonly EncodingChoice[] };

const bytesOf = async (file: Blob): Promise<Uint8Array> => new Uint8Array(await file.arrayBuffer());

/** With one kind of line end. */
const textFrom = ({ text, encoding, damaged }: DecodedText, choices: readonly EncodingChoice[]): FileText => ({
  kind: 'text',
  text: text.replaceAll('\r\n', '\n').replaceAll('\r', '\n'),
  damaged,
  encoding,
  choices,
});

const unreadable = (error: unknown, subject: string): Result<never> => ({
  ok: false,
  failure: { ...failureFrom(error, 'attachment-unreadable'), subject },
});

/**
 * @param name for the words of a failure
 * @param signal ends what takes long
 */
export async function readFileText(file: Blob, name: string, signal?: AbortSignal): Promise<Result<FileText>> {
  try {
    const head = await bytesOf(file.slice(0, 1024));
    if (isPdf(head)) return await readPdf(file, name);
    if (pictureKind(head, file.type) !== null) return await readPicture(file, name, signal);
    if (file.size > longestTextBytes) return failed('attachment-too-large', `${file.size} bytes`, { subject: name });
    const bytes = await bytesOf(file);
    const decoded = decodeText(bytes);
    if (decoded.kind === 'binary') return failed('attachment-binary', 'control characters', { subject: name });
    if (decoded.kind === 'text') return { ok: true, value: textFrom(decoded, []) };
    return await readUnnamed(bytes, name);
  } catch (error) {
    return unreadable(error, name);
  }
}

async function readUnnamed(bytes: Uint8Array, name: string): Promise<Result<FileText>> {
  const { choices, sure } = await likelyEncodings(bytes);
  const [first] = choices;
  if (!first) return failed('attachment-encoding', 'no text in any known encoding', { subject: name });
  if (!sure) return { ok: true, value: { kind: 'encoding-wanted', choices } };
  return { ok: true, value: textFrom(decodedAs(bytes, first.encoding), choices) };
}

/** The text of a file whose encoding a person has told. */
export async function readTextIn(
  encoding: TextEncoding,
  file: Blob,
  name: string,
  choices: readonly EncodingChoice[],
): Promise<Result<FileText>> {
  try {
    return { ok: true, value: textFrom(decodedAs(await bytesOf(file), encoding), choices) };
  } catch (error) {
    return unreadable(error, name);
  }
}

async function readPicture(file: Blob, name: string, signal: AbortSignal | undefined): Promise<Result<FileText>> {
  const { preparePicture } = await loadPart(() => import('./prepare-picture'));
  const prepared = await preparePicture(file, name, signal);
  return prepared.ok ? { ok: true, value: { kind: 'picture', picture: prepared.value } } : prepared;
}

async function readPdf(file: Blob, name: string): Promise<Result<FileText>> {
  if (file.size > longestPdfBytes) return failed('attachment-too-large', `${file.size} bytes`, { subject: name });
  const { readPdfText } = await loadPart(() => import('./read-pdf-text'));
  const result = await readPdfText(file);
  if (!result.ok) return { ok: false, failure: { ...result.failure, subject: name } };
  return { ok: true, value: { kind: 'text', text: result.value, damaged: 0, encoding: null, choices: [] } };
}
