/** The page's side of the two documents workers: one reads a file and is ended with it, the other answers questions. */
import type { Remote } from 'comlink';
import documentsWorkerUrl from '../../workers/documents.worker.ts?worker&url';
import { isPdf } from '../shared/domain/pdf-kind';
import type { TextEncoding } from '../shared/domain/text-encoding';
import { startWorker } from '../shared/platform/trusted-worker';
import { WorkerHandle } from '../shared/platform/worker-handle';
import type { DocumentsApi, ReadDocument } from '../shared/protocol/documents';
import { failed, failureFrom, type Result } from '../shared/protocol/failure';
import type { FileReaders } from './file-readers';

export const documentsWorker = (name: string): WorkerHandle<DocumentsApi> =>
  new WorkerHandle<DocumentsApi>({
    start: () => startWorker(documentsWorkerUrl, name),
    name: 'the documents worker',
    crashed: 'document-unreadable',
  });

/** Something that a worker of its own does, which is ended with it. Never rejects. */
export async function inWorker<T>(work: (api: Remote<DocumentsApi>) => Promise<Result<T>>): Promise<Result<T>> {
  const worker = documentsWorker('document-archive');
  try {
    return await work(worker.start());
  } catch (error) {
    return { ok: false, failure: failureFrom(error, 'document-unreadable') };
  } finally {
    worker.end();
  }
}

/** A file that keeps its reader busy for longer was made to, in ms: a minute, and 10 s a megabyte, of which 0.34 s were measured. */
const limitOf = ({ size }: Blob): number => 60_000 + size / 100;

/** Larger ones would take the memory of the device with them: a PDF is read whole. */
const mostPdfBytes = 500_000_000;
/** Of the time that a PDF takes, the rest is for cutting it. */
const shareOfPages = 0.9;

/**
 * The text and the passages of a file. In a worker of its own, ended with the file: nothing that a file of a stranger does there
 * outlives it, and reading can be stopped at any moment. Never rejects.
 */
export async function readFile(
  { file, name }: { readonly file: Blob; readonly name: string },
  readers: FileReaders,
  tell: (fraction: number) => void,
  signal: AbortSignal,
): Promise<Result<ReadDocument>> {
  const cancelled = failed('cancelled', 'the reading of a document was stopped');
  const worker = documentsWorker('document-reader');
  const stop = (): void => worker.end(cancelled.failure);
  signal.addEventListener('abort', stop);
  let timer: ReturnType<typeof setTimeout> | undefined;
  try {
    const pages = isPdf(await file.slice(0, 1024).arrayBuffer())
      ? await pagesOf(file, name, readers, tell, signal)
      : null;
    if (pages && !pages.ok) return { ok: false, failure: { ...pages.failure, subject: name } };
    if (signal.aborted) return cancelled;
    // The file itself is not needed where its pages are here.
    timer = setTimeout(
      () => worker.end({ kind: 'document-unreadable', technical: `nothing within ${limitOf(file)} ms`, subject: name }),
      limitOf(file),
    );
    if (pages) return await worker.start().read({ file: new Blob([]), name }, pages.value);
    const read = await worker.start().read({ file, name });
    if (read.ok || read.failure.kind !== 'attachment-encoding') return read;
    const encoding: TextEncoding | null = await readers.likelyEncoding(file);
    return encoding === null || signal.aborted ? read : await worker.start().read({ file, name, encoding });
  } catch (error) {
    return { ok: false, failure: { ...failureFrom(error, 'document-unreadable'), subject: name } };
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', stop);
    worker.end();
  }
}

async function pagesOf(
  file: Blob,
  name: string,
  readers: FileReaders,
  tell: (fraction: number) => void,
  signal: AbortSignal,
): Promise<Result<readonly string[]>> {
  if (file.size > mostPdfBytes) return failed('document-too-large', `${file.size} bytes`, { subject: name });
  const pages = await readers.readPdfPages(file, {
    tell: ({ done, pages: all }) => tell((shareOfPages * done) / all),
    signal,
  });
  if (pages.ok || pages.failure.kind !== 'attachment-unreadable') return pages;
  return failed('document-unreadable', pages.failure.technical);
}
