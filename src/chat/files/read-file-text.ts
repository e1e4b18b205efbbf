/** The text in a file that a person gives with a question. Its first bytes tell what it is; names lie. */
import { failed, failureFrom, type Result } from '../../contracts/failure';
import { loadPart } from '../../ui/load-part';
import { decodeText } from './decode-text';

/** Text of this size is some millions of tokens, far beyond any window; read whole it would only fill the memory. */
const longestTextBytes = 10_000_000;
/** Pages have pictures and fonts in them. */
const longestPdfBytes = 100_000_000;

const isPdf = (head: Uint8Array): boolean => new TextDecoder('latin1').decode(head).includes('%PDF-');

/** @param name for the words of a failure */
export async function readFileText(file: Blob, name: string): Promise<Result<string>> {
  try {
    const head = new Uint8Array(await file.slice(0, 1024).arrayBuffer());
    if (isPdf(head)) return await readPdf(file, name);
    if (file.size > longestTextBytes) return failed('attachment-too-large', `${file.size} bytes`, { subject: name });
    const decoded = decodeText(new Uint8Array(await file.arrayBuffer()));
    if (decoded.kind === 'binary') return failed('attachment-binary', 'control characters', { subject: name });
    if (decoded.kind === 'unknown-encoding')
      return failed('attachment-encoding', 'not UTF-8, UTF-16 or GB18030', { subject: name });
    return { ok: true, value: decoded.text.replaceAll('\r\n', '\n').replaceAll('\r', '\n') };
  } catch (error) {
    return { ok: false, failure: { ...failureFrom(error, 'attachment-unreadable'), subject: name } };
  }
}

async function readPdf(file: Blob, name: string): Promise<Result<string>> {
  if (file.size > longestPdfBytes) return failed('attachment-too-large', `${file.size} bytes`, { subject: name });
  const { readPdfText } = await loadPart(() => import('./read-pdf-text'));
  const result = await readPdfText(file);
  return result.ok ? result : { ok: false, failure: { ...result.failure, subject: name } };
}
