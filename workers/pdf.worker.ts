/// <reference lib="webworker" />
import './restrict-scope';
import { expose } from 'comlink';
import type { WorkerEvent } from '../src/shared/platform/worker-handle';
import { failureFrom, type Result } from '../src/shared/protocol/failure';
import type { PdfApi, PdfProgress } from '../src/shared/protocol/pdf';
import { loadPart } from './load-part';

/** How often progress is told, in ms. */
const progressIntervalMs = 200;
/** A book of a thousand pages has two million characters. */
const mostCharacters = 60_000_000;

/** Loaded only now: what reads files of strangers must find a scope without a way out. */
async function read<T>(work: (part: typeof import('./pdf/pdf-text')) => Promise<Result<T>>): Promise<Result<T>> {
  try {
    return await work(await loadPart(() => import('./pdf/pdf-text')));
  } catch (error) {
    return { ok: false, failure: failureFrom(error, 'attachment-unreadable') };
  }
}

const tell = (event: PdfProgress): void => self.postMessage({ event } satisfies WorkerEvent<PdfProgress>);

const api: PdfApi = {
  read: (file, readData) => read(({ pdfText }) => pdfText(file, readData)),
  readPages: (file, readData) =>
    read(({ pdfPages }) => {
      let toldAt = 0;
      return pdfPages(file, readData, mostCharacters, (done, pages) => {
        if (performance.now() - toldAt < progressIntervalMs) return;
        toldAt = performance.now();
        tell({ done, pages });
      });
    }),
  // Pages to draw are few, and each takes long: all of them are told.
  draw: (file, readData, most) =>
    read(({ drawPages }) => drawPages(file, readData, most, (done, pages) => tell({ done, pages }))),
};
expose(api);
