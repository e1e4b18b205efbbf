import { proxy, type Remote } from 'comlink';
import pdfWorkerUrl from '../../../workers/pdf.worker.ts?worker&url';
import { failed, failureFrom, type Result } from '../../shared/protocol/failure';
import type { DrawnPage, PdfApi, PdfProgress, ReadPdfData } from '../../shared/protocol/pdf';
import { startWorker } from '../../shared/platform/trusted-worker';
import { WorkerHandle } from '../../shared/platform/worker-handle';
import { pdfData } from './read-pdf-data';

/** A PDF that keeps its reader busy for longer than this, and tells nothing meanwhile, was made to. */
const limitMs = 60_000;

interface Watch {
  readonly tell?: (progress: PdfProgress) => void;
  readonly signal?: AbortSignal;
}

/** In a worker of its own, which is ended with the file: a PDF is a program of a stranger, in a way. Never rejects. */
async function inWorker<T>(
  work: (api: Remote<PdfApi>, readData: ReadPdfData) => Promise<Result<T>>,
  { tell, signal }: Watch = {},
): Promise<Result<T>> {
  const cancelled = failed('cancelled', 'the reading of a PDF was stopped');
  if (signal?.aborted) return cancelled;
  const worker = new WorkerHandle<PdfApi, PdfProgress>({
    start: () => startWorker(pdfWorkerUrl, 'pdf'),
    name: 'the reader of PDFs',
    crashed: 'attachment-unreadable',
    hear: (progress) => {
      watch();
      tell?.(progress);
    },
  });
  let timer: ReturnType<typeof setTimeout> | undefined;
  const watch = (): void => {
    clearTimeout(timer);
    timer = setTimeout(
      () => worker.end({ kind: 'attachment-unreadable', technical: `nothing within ${limitMs} ms` }),
      limitMs,
    );
  };
  watch();
  const stop = (): void => worker.end(cancelled.failure);
  signal?.addEventListener('abort', stop);
  const read = pdfData();
  const readData: ReadPdfData = async (name) => {
    try {
      return await read(name);
    } catch (error) {
      // Told from here: the way through the worker would lose which failure it was.
      worker.end(failureFrom(error));
      return null;
    }
  };
  try {
    return await work(worker.start(), proxy(readData));
  } catch (error) {
    return { ok: false, failure: failureFrom(error, 'attachment-unreadable') };
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', stop);
    worker.end();
  }
}

/** All text of a PDF. Never rejects. */
export const readPdfText = (file: Blob): Promise<Result<string>> =>
  inWorker((api, readData) => api.read(file, readData));

/** The text of each page; empty for a page that has none. Ended by the signal with `cancelled`. Never rejects. */
export const readPdfPages = (file: Blob, watch: Watch): Promise<Result<readonly string[]>> =>
  inWorker((api, readData) => api.readPages(file, readData), watch);

/** Pictures of the first pages, `most` of them. Ended by the signal with `cancelled`. Never rejects. */
export const drawPdfPages = (file: Blob, most: number, watch: Watch): Promise<Result<readonly DrawnPage[]>> =>
  inWorker((api, readData) => api.draw(file, readData, most), watch);
