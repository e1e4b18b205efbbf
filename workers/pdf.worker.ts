/// <reference lib="webworker" />
import './restrict-scope';
import type { PdfAnswer, PdfMap, PdfRequest } from '../src/contracts/pdf';

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
  const { pdfText } = await import('./pdf/pdf-text');
  send({ type: 'text', result: await pdfText(data.file, readMap) });
};
