/** PDFs of scans, whose pages become pictures of a question: through the real workers. */
import { describe, expect, it, vi } from 'vitest';
import { drawablePages } from '../../src/chat/files/drawable-pages';
import { pagesAsPictures } from '../../src/chat/files/pages-as-pictures';
import type { PendingFile } from '../../src/chat/files/pending-file.svelte';
import { PendingFiles } from '../../src/chat/files/pending-files.svelte';
import { imagePdf, scannedPdf, textPdf, type PageImage } from '../fixtures/pdf-bytes';
import { redAndBlue } from '../fixtures/picture-files';
import { faxImage, jbig2Image, jpeg2000Image } from '../fixtures/scan-images';

/** pdf.js is large, and each file has it anew. */
const patience = { timeout: 30_000 };

async function photo(): Promise<PageImage> {
  const [width, height] = [60, 80];
  const bytes = await (await redAndBlue(width, height, 'image/jpeg')).bytes();
  return { filter: 'DCTDecode', bytes, width, height };
}

/** Two of them: red and blue. */
async function pixels(): Promise<PageImage> {
  const packed = new Blob([new Uint8Array([255, 0, 0, 0, 0, 255])])
    .stream()
    .pipeThrough(new CompressionStream('deflate'));
  return { filter: 'FlateDecode', bytes: await new Response(packed).bytes(), width: 2, height: 1 };
}

const undrawable = (filter: PageImage['filter']): PageImage => ({
  filter,
  bytes: new Uint8Array(40).fill(7),
  width: 60,
  height: 80,
});

async function given(file: Blob): Promise<{ files: PendingFiles; scan: PendingFile }> {
  const files = new PendingFiles({ changed: () => {}, removed: () => {} });
  files.add([new File([file], 'scan.pdf')]);
  const [scan] = files.items;
  if (!scan) throw new Error('no file');
  await vi.waitUntil(() => scan.state !== 'reading', patience);
  return { files, scan };
}

async function colorsOf({ file }: PendingFile): Promise<string> {
  const bitmap = await createImageBitmap(file);
  const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d');
  context?.drawImage(bitmap, 0, 0);
  const at = (x: number): string => {
    const [red = 0, , blue = 0] = context?.getImageData(x * bitmap.width, bitmap.height / 2, 1, 1).data ?? [];
    if (red === blue) return red > 200 ? 'white' : 'black';
    return red > 200 && blue < 60 ? 'red' : blue > 200 && red < 60 ? 'blue' : `${red}, ${blue}`;
  };
  return `${at(0.1)} ${at(0.9)}`;
}

const ready = (files: PendingFiles): Promise<boolean> => vi.waitUntil(() => !files.pending, patience);

describe('a PDF of scans', () => {
  it('becomes pictures of its pages, in its place', async () => {
    const { files, scan } = await given(imagePdf(await photo(), await pixels()));
    expect(scan.failure?.kind).toBe('attachment-no-text');
    expect(drawablePages(files, scan)).toEqual({ pages: 2, most: 2 });
    const heard: number[] = [];
    expect(await pagesAsPictures(files, scan, 2, ({ done }) => heard.push(done))).toBeNull();
    await ready(files);
    expect(heard).toEqual([1, 2]);
    expect(files.items.map(({ name }) => name)).toEqual(['scan.pdf, page 1', 'scan.pdf, page 2']);
    expect(files.ready.map(({ picture }) => picture)).toEqual([
      { width: 989, height: 1280 },
      { width: 989, height: 1280 },
    ]);
    expect(await Promise.all(files.ready.map(colorsOf))).toEqual(['red blue', 'red blue']);
  });

  it('is drawn whatever code its scanner has written', async () => {
    const { files, scan } = await given(imagePdf(faxImage(), jbig2Image(), jpeg2000Image()));
    expect(await pagesAsPictures(files, scan, 3, () => undefined)).toBeNull();
    await ready(files);
    expect(await Promise.all(files.ready.map(colorsOf))).toEqual(['black white', 'black white', 'red blue']);
  });

  it('or of words in a usual font fetches nothing', async () => {
    const fetched = vi.spyOn(globalThis, 'fetch');
    const { files, scan } = await given(textPdf(['Words in Helvetica']));
    await ready(files);
    expect(scan.text).toContain('Words in Helvetica');
    await pagesAsPictures(files, scan, 1, () => undefined);
    expect(fetched.mock.calls.map(([address]) => String(address)).filter((a) => /maps|wasm/.test(a))).toEqual([]);
    fetched.mockRestore();
  });

  it('of many pages gives the first of them, and tells which of those cannot be drawn', async () => {
    const image = await photo();
    const broken = [undrawable('JBIG2Decode'), undrawable('JPXDecode'), undrawable('DCTDecode'), null];
    const { files, scan } = await given(imagePdf(image, ...broken, ...Array<PageImage>(7).fill(image)));
    expect(drawablePages(files, scan)).toEqual({ pages: 12, most: 10 });
    const told = await pagesAsPictures(files, scan, 10, () => undefined);
    expect(told).toMatch(/^Pages 2, 3, 4, 5 were left out/);
    await ready(files);
    expect(files.ready.map(({ name }) => name.replace('scan.pdf, page ', ''))).toEqual(['1', '6', '7', '8', '9', '10']);
  });

  it('of which no page can be drawn stays as it was, and says so', async () => {
    const { files, scan } = await given(imagePdf(undrawable('JBIG2Decode'), undrawable('DCTDecode')));
    expect(await pagesAsPictures(files, scan, 2, () => undefined)).toMatch(/^No page of “scan.pdf”/);
    expect([files.items, scan.state, scan.failure?.kind]).toEqual([[scan], 'failed', 'attachment-no-text']);
  });

  it('that is removed while it is drawn leaves nothing', async () => {
    const { files, scan } = await given(scannedPdf());
    const drawn = pagesAsPictures(files, scan, 1, () => undefined);
    files.remove(scan.id);
    expect([await drawn, files.items]).toEqual([null, []]);
  });

  it('whose draft is gone once it is drawn leaves nothing', async () => {
    const { files, scan } = await given(scannedPdf());
    const drawn = pagesAsPictures(files, scan, 1, () => files.forget());
    expect([await drawn, files.items]).toEqual([null, []]);
  });

  it('is offered to be drawn only while the question has room for its pages, and a text never is', async () => {
    const { files, scan } = await given(imagePdf(await photo(), await photo(), await photo()));
    for (let index = 0; index < 17; index += 1) files.addText('x', `${index}.txt`);
    expect(drawablePages(files, scan)).toEqual({ pages: 3, most: 3 });
    files.addText('x', 'one more.txt');
    expect(drawablePages(files, scan)).toEqual({ pages: 3, most: 2 });
    const text = await given(textPdf(['words']));
    expect(drawablePages(text.files, text.scan)).toBeNull();
  });
});
