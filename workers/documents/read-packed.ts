import { FailureError } from '../../src/shared/protocol/failure';
import { loadPart } from '../load-part';
import type { DocumentText } from './document-text';
import { PackedFile } from './unpack';

/** What an archive is tells the names of its parts. @throws FailureError `document-unreadable`, `document-too-large` */
export async function packedText(file: Blob): Promise<DocumentText> {
  const packed = await PackedFile.open(file);
  if (packed.has('word/document.xml')) {
    const { wordText } = await loadPart(() => import('./read-word'));
    return wordText(packed);
  }
  if (packed.has('META-INF/container.xml')) {
    const { bookText } = await loadPart(() => import('./read-book'));
    return bookText(packed);
  }
  throw new FailureError({ kind: 'document-unreadable', technical: `an archive of ${packed.names.length} parts` });
}
