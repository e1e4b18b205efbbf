/// <reference lib="webworker" />
import './restrict-scope';
import { failureFrom } from '../src/shared/protocol/failure';
import type { PdfAnswer, PdfMap, PdfRequest } from '../src/shared/protocol/pdf';
import { loadPart } from './load-part';

const wanted = new Map<string, (bytes: Uint8Array | null) => void>();

const send = (answer: PdfAnswer): void => self.postMessage(answer);

function readMap(name: string): Promise<Uint8Array | null> {
  return new Promise((resolve) => {
    wanted.set(name, resolve);
    send({ type: 'map-wanted', name });
  });
}

self.onmessage = async ({ data }: MessageEvent<PdfRequest | PdfMap>): Promise<void> => {
  if ('name' in data) {
    wanted.get(data.name)?.(data.bytes);
    wanted.delete(data.name);
    return;
  }
  // Loaded only now: what reads files of strangers must find a scope without a way out.
  try {
    const { pdfText } = await loadPart(() => import('./pdf/pdf-text'));
    send({ type: 'text', result: await pdfText(data.file, readMap) });
  } catch (error) {
    send({ type: 'text', result: { ok: false, failure: failureFrom(error, 'attachment-unreadable') } });
  }
};
