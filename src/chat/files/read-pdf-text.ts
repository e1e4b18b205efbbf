import { proxy } from 'comlink';
import pdfWorkerUrl from '../../../workers/pdf.worker.ts?worker&url';
import { failureFrom, type Result } from '../../shared/protocol/failure';
import type { PdfApi, ReadMap } from '../../shared/protocol/pdf';
import { startWorker } from '../../shared/platform/trusted-worker';
import { WorkerHandle } from '../../shared/platform/worker-handle';
import { characterMaps } from './read-character-maps';

/** A PDF that keeps its reader busy for longer than this was made to. */
const limitMs = 60_000;

/** In a worker of its own, which is ended with the file: a PDF is a program of a stranger, in a way. Never rejects. */
export async function readPdfText(file: Blob): Promise<Result<string>> {
  const worker = new WorkerHandle<PdfApi>({
    start: () => startWorker(pdfWorkerUrl, 'pdf'),
    name: 'the reader of PDFs',
    crashed: 'attachment-unreadable',
  });
  const timer = setTimeout(
    () => worker.end({ kind: 'attachment-unreadable', technical: `no end within ${limitMs} ms` }),
    limitMs,
  );
  const characterMap = characterMaps();
  const readMap: ReadMap = async (name) => {
    try {
      return await characterMap(name);
    } catch (error) {
      // Told from here: the way through the worker would lose which failure it was.
      worker.end(failureFrom(error));
      return null;
    }
  };
  try {
    return await worker.start().read(file, proxy(readMap));
  } catch (error) {
    return { ok: false, failure: failureFrom(error, 'attachment-unreadable') };
  } finally {
    clearTimeout(timer);
    worker.end();
  }
}
