/** Pictures of the first pages of a PDF: what a model that sees can be shown of a scan. */
import { failed, type Result } from '../../src/shared/protocol/failure';
import type { DrawnPage, ReadPdfData } from '../../src/shared/protocol/pdf';
import { longestEdge, mostPixels } from '../../src/shared/platform/draw-picture';
import { openPdf, unopened, type OpenedPdf } from './open-pdf';
import { NoFilters, PageCanvasFactory } from './page-canvas';

/** What pdf.js says when it leaves out an image of a page, and says nowhere else. */
const leavesOut =
  /Unable to decode|image isn't ready|Image exceeded maximum|Image dimensions are missing|ignoring errors during/i;

/** A page without the image that matters would be shown as if it were whole. @returns whether one was left out */
async function missesImages(work: () => Promise<void>): Promise<boolean> {
  const { warn } = console;
  let misses = false;
  const listen = (...said: readonly unknown[]): void => {
    misses ||= leavesOut.test(said.join(' '));
  };
  Object.assign(console, { warn: listen });
  try {
    await work();
  } finally {
    Object.assign(console, { warn });
  }
  return misses;
}

function isOneColor(context: OffscreenCanvasRenderingContext2D, width: number, height: number): boolean {
  const pixels = new Uint32Array(context.getImageData(0, 0, width, height).data.buffer);
  return pixels.every((pixel) => pixel === pixels[0]);
}

/** @returns null for a page that is blank, or lacks an image */
async function drawPage(document: OpenedPdf, number: number): Promise<Blob | null> {
  const page = await document.getPage(number);
  const { width: pageWidth, height: pageHeight } = page.getViewport({ scale: 1 });
  const viewport = page.getViewport({ scale: longestEdge / Math.max(pageWidth, pageHeight) });
  const width = Math.max(1, Math.round(viewport.width));
  const height = Math.max(1, Math.round(viewport.height));
  const factory = new PageCanvasFactory();
  const entry = factory.create(width, height);
  const { canvas, context } = entry;
  try {
    // pdf.js knows the canvas of a page only; it calls nothing that this one lacks.
    const canvasContext = context as unknown as CanvasRenderingContext2D;
    const misses = await missesImages(() => page.render({ canvas: null, canvasContext, viewport }).promise);
    return misses || isOneColor(context, width, height) ? null : await canvas.convertToBlob({ type: 'image/png' });
  } finally {
    page.cleanup();
    factory.destroy(entry);
  }
}

/** @param most pages, from the first on. Never rejects. */
export async function drawPages(
  file: Blob,
  readData: ReadPdfData,
  most: number,
  tell: (done: number, pages: number) => void,
): Promise<Result<readonly DrawnPage[]>> {
  try {
    const loading = openPdf(new Uint8Array(await file.arrayBuffer()), readData, {
      CanvasFactory: PageCanvasFactory,
      FilterFactory: NoFilters,
      maxImageSize: mostPixels,
      // Only so that it says what it leaves out.
      verbosity: 1,
    });
    const document = await loading.promise;
    const pages = Math.min(most, document.numPages);
    const drawn: DrawnPage[] = [];
    for (let number = 1; number <= pages; number += 1) {
      // A broken page is no reason to lose the others.
      drawn.push({ number, picture: await drawPage(document, number).catch(() => null) });
      tell(number, pages);
    }
    await loading.destroy();
    return drawn.length > 0 ? { ok: true, value: drawn } : failed('attachment-unreadable', 'no pages');
  } catch (error) {
    return unopened(error);
  }
}
