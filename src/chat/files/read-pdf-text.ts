import pdfWorkerUrl from '../../../workers/pdf.worker.ts?worker&url';
import { failed, type Result } from '../../contracts/failure';
import type { PdfAnswer, PdfMap, PdfRequest } from '../../contracts/pdf';
import { startWorker } from '../../contracts/trusted-worker';

/** A PDF that keeps its reader busy for longer than this was made to. */
const limitMs = 60_000;

const maps = import.meta.glob<string>('/node_modules/pdfjs-dist/cmaps/*.bcmap', { query: '?url', import: 'default' });

/** From our own origin; the only thing that is ever loaded for a file, and only for a few old ones. */
async function mapOf(name: string): Promise<PdfMap> {
  const address = await maps[`/node_modules/pdfjs-dist/cmaps/${name}.bcmap`]?.().catch(() => undefined);
  if (address === undefined) return { name, bytes: null };
  const response = await fetch(address).catch(() => null);
  return { name, bytes: response?.ok ? new Uint8Array(await response.arrayBuffer()) : null };
}

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
    const end = (result: Result<string>): void => {
      clearTimeout(timer);
      worker.terminate();
      resolve(result);
    };
    const timer = setTimeout(() => end(failed('attachment-unreadable', `no end within ${limitMs} ms`)), limitMs);
    worker.onerror = (event): void => {
      event.preventDefault();
      end(failed('attachment-unreadable', event.message || 'the reader could not start'));
    };
    worker.onmessage = async ({ data }: MessageEvent<PdfAnswer>): Promise<void> => {
      if (data.type === 'text') end(data.result);
      else worker.postMessage((await mapOf(data.name)) satisfies PdfMap);
    };
    worker.postMessage({ file } satisfies PdfRequest);
  });
}
