/// <reference lib="webworker" />
import './restrict-scope';
import { expose } from 'comlink';
import { failureFrom } from '../src/shared/protocol/failure';
import type { PdfApi } from '../src/shared/protocol/pdf';
import { loadPart } from './load-part';

const api: PdfApi = {
  async read(file, readMap) {
    // Loaded only now: what reads files of strangers must find a scope without a way out.
    try {
      const { pdfText } = await loadPart(() => import('./pdf/pdf-text'));
      return await pdfText(file, readMap);
    } catch (error) {
      return { ok: false, failure: failureFrom(error, 'attachment-unreadable') };
    }
  },
};
expose(api);
