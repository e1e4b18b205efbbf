/** A PDF of scans, whose pages a model that sees can be shown instead of their text. */
import type { Failure } from '../../shared/protocol/failure';
import type { PdfProgress } from '../../shared/protocol/pdf';
import { formatCount, formatList } from '../../text/formatting';
import { m } from '../../text/paraglide/messages.js';
import type { PendingFile } from './pending-file.svelte';
import { mostFiles, type PendingFiles } from './pending-files.svelte';
import { drawPdfPages } from './read-pdf-text';

/**
 * Puts pictures of the first pages into the place of a file. When it is removed meanwhile, nothing comes of it. Where no page can be
 * drawn, the file stays as it was.
 * @returns what a person should be told, if anything. Never rejects: a failure stands in the file.
 */
export async function pagesAsPictures(
  files: PendingFiles,
  scan: PendingFile,
  most: number,
  tell: (progress: PdfProgress) => void,
): Promise<string | null> {
  const before = scan.failure;
  const fail = (failure: Failure | null): void => {
    scan.failure = failure;
    scan.state = 'failed';
  };
  scan.failure = null;
  scan.state = 'reading';
  const { name, file, removal } = scan;
  const drawn = await drawPdfPages(file, most, { tell, signal: removal.signal });
  // Also files that are forgotten all at once, with their draft, have no place for its pictures.
  if (!files.items.includes(scan)) return null;
  if (!drawn.ok) {
    fail({ ...drawn.failure, subject: name });
    return null;
  }
  const pictures = drawn.value.flatMap(({ number, picture }) =>
    picture ? [new File([picture], m.scan_page_name({ name, page: formatCount(number) }), { type: 'image/png' })] : [],
  );
  if (pictures.length === 0) {
    fail(before);
    return m.scan_none_drawn({ name });
  }
  files.remove(scan.id);
  const leftOut = files.add(pictures);
  // Only where other files came meanwhile.
  if (leftOut > 0) return m.file_too_many({ count: formatCount(mostFiles) });
  const undrawn = drawn.value.filter(({ picture }) => !picture).map(({ number }) => formatCount(number));
  return undrawn.length > 0 ? m.scan_undrawn({ count: undrawn.length, pages: formatList(undrawn) }) : null;
}
