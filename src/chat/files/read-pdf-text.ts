import pdfWorkerUrl from '../../../workers/pdf.worker.ts?worker&url';
import { failed, failureFrom, type Result } from '../../shared/protocol/failure';
import type { PdfAnswer, PdfMap, PdfRequest } from '../../shared/protocol/pdf';
import { startWorker } from '../../shared/platform/trusted-worker';
import { characterMaps } from './read-character-maps';

/** A PDF that keeps its reader busy for longer than this was made to. */
const limitMs = 60_000;

/** In a worker of its own, which is ended with the file: a PDF is a program of a stranger, in a way. Never rejects. */
export function readPdfText(file: Blob): Promise<Result<string>> {
  return new Promise((resolve) => {
    let worker: Worker;
    try {
      worker = startWorker(pdfWorkerUrl, 'pdf');
    } catch (error) {
      resolve(failed('workers-unavailable', String(error)));
      return;
    }
    const characterMap = characterMaps();
    const end = (result: Result<string>): void => {
      clearTimeout(timer);
      worker.terminate();
      resolve(result);
    };
    const timer = setTimeout(() => end(failed('attachment-unreadable', `no end within ${limitMs} ms`)), limitMs);
    worker.onerror = (event): void => {
      event.preventDefault();
      end(
        event.message
          ? failed('attachment-unreadable', event.message)
          : // An event without words: its script, or one that it imports, did not arrive.
            failed('part-unreachable', 'the script of the reader of PDFs could not be loaded'),
      );
    };
    worker.onmessage = async ({ data }: MessageEvent<PdfAnswer>): Promise<void> => {
      if (data.type === 'text') return end(data.result);
      try {
        worker.postMessage({ name: data.name, bytes: await characterMap(data.name) } satisfies PdfMap);
      } catch (error) {
        end({ ok: false, failure: failureFrom(error) });
      }
    };
    worker.postMessage({ file } satisfies PdfRequest);
  });
}
