/** From a file to its text and passages. The first bytes tell what it is; of texts, the ending of the name does. */
import type { FileToRead, ReadDocument } from '../../src/shared/protocol/documents';
import { decodedAs, decodeText } from '../../src/shared/domain/decode-text';
import { failed, failureFrom, FailureError, type Result } from '../../src/shared/protocol/failure';
import { loadPart } from '../load-part';
import { isZip } from '../zip-entries';
import { cutPassages } from './cut-passages';
import type { DocumentText } from './document-text';
import { codeText, tableText } from './read-lines';
import { markdownText } from './read-markdown';
import { pagesText } from './read-pages';

/** Read whole: more text than this is no document, and would take several times as much memory. */
const mostTextBytes = 100_000_000;
const mostCharacters = 60_000_000;

const code =
  /\.(?:[cm]?[jt]sx?|py|rb|rs|go|java|kt|kts|swift|c|h|cc|cpp|hpp|cs|m|mm|scala|php|pl|lua|r|jl|sql|sh|bash|zsh|ps1|bat|ya?ml|toml|ini|cfg|conf|json|jsonl|xml|css|scss|vue|svelte|gradle|dart|ex|exs|erl|hs|clj|zig|log)$/i;
const table = /\.(?:csv|tsv)$/i;
const markdown = /\.(?:md|markdown|mdx|mdown|mkd)$/i;
const page = /\.(?:x?html?)$/i;

/** Never rejects. `document-unreadable`, `document-too-large`, `attachment-no-text`, `attachment-encoding` and so on. */
export async function readDocument(
  given: FileToRead,
  pages: readonly string[] | undefined,
): Promise<Result<ReadDocument>> {
  const { name } = given;
  try {
    const document = pages ? pagesText(pages) : await documentText(given);
    if (document.text.length > mostCharacters)
      return failed('document-too-large', `${document.text.length} characters`, { subject: name });
    const passages = cutPassages(document);
    if (passages.length === 0) return failed('attachment-no-text', 'no words in it', { subject: name });
    return {
      ok: true,
      value: {
        text: new Blob([document.text], { type: 'text/plain' }),
        characters: document.text.length,
        passages,
        ...(document.pageStarts.length > 0 && { pages: document.pageStarts.length }),
      },
    };
  } catch (error) {
    return { ok: false, failure: { ...failureFrom(error, 'document-unreadable'), subject: name } };
  }
}

async function documentText(given: FileToRead): Promise<DocumentText> {
  const { file, name } = given;
  if (isZip(new Uint8Array(await file.slice(0, 4).arrayBuffer()))) {
    const { packedText } = await loadPart(() => import('./read-packed'));
    return packedText(file);
  }
  const text = await plainText(given);
  // XHTML names itself at its beginning as well, also where its file is called otherwise.
  if (page.test(name) || /^\s*(?:<!doctype html|<html)\b/i.test(text.slice(0, 1000))) {
    const { htmlText } = await loadPart(() => import('./read-html'));
    return htmlText(text);
  }
  if (markdown.test(name)) return markdownText(text);
  if (table.test(name)) return tableText(text);
  if (code.test(name)) return codeText(text);
  return { text, headings: [], pageStarts: [] };
}

/** @throws FailureError */
async function plainText({ file, encoding }: FileToRead): Promise<string> {
  if (file.size > mostTextBytes) throw refusal('document-too-large', `${file.size} bytes of text`);
  const bytes = new Uint8Array(await file.arrayBuffer());
  const decoded = encoding ? { kind: 'text' as const, ...decodedAs(bytes, encoding) } : decodeText(bytes);
  if (decoded.kind === 'binary') throw refusal('document-unreadable', 'control characters: no text');
  if (decoded.kind === 'unnamed') throw refusal('attachment-encoding', 'an encoding that nothing names');
  return decoded.text.replaceAll('\r\n', '\n').replaceAll('\r', '\n');
}

const refusal = (
  kind: 'document-too-large' | 'document-unreadable' | 'attachment-encoding',
  technical: string,
): FailureError => new FailureError({ kind, technical });
