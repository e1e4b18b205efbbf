/** What the reading of documents shares with files of chats. Types only: the app puts both together. */
import type { TextEncoding } from '../shared/domain/text-encoding';
import type { Result } from '../shared/protocol/failure';
import type { PdfProgress } from '../shared/protocol/pdf';

export interface FileReaders {
  readPdfPages(
    file: Blob,
    watch: { readonly tell: (progress: PdfProgress) => void; readonly signal: AbortSignal },
  ): Promise<Result<readonly string[]>>;
  /** Of a text that names its encoding by nothing; null where none of those we know makes a text of it. */
  likelyEncoding(file: Blob): Promise<TextEncoding | null>;
}
