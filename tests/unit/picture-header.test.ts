/** What pictures are, and how large, before anything is decoded. */
import { describe, expect, it } from 'vitest';
import { pictureKind } from '../../src/shared/domain/picture-kind';
import { pictureHeader } from '../../src/shared/domain/picture-size';
import { animatedGif, brokenPng, heic, hugeJpeg, stillGif, svg } from '../fixtures/picture-files';

const words = (text: string): Uint8Array<ArrayBuffer> => Uint8Array.from([...text].map((c) => c.charCodeAt(0)));
const kindOf = async (file: Blob): Promise<string | null> =>
  pictureKind(new Uint8Array(await file.slice(0, 1024).arrayBuffer()), file.type);

const webp = (chunk: string, ...rest: number[]): Blob =>
  new Blob([
    words('RIFF\0\0\0\0WEBP'),
    words(chunk),
    Uint8Array.from([0, 0, 0, 0, ...rest, ...Array<number>(12).fill(0)]),
  ]);
const extended = webp('VP8X', 2, 0, 0, 0, 0x8f, 1, 0, 0x2b, 1, 0);
const lossless = webp('VP8L', 0x2f, 0x8f, 0xc1, 0x4a, 0);
const lossy = webp('VP8 ', 0, 0, 0, 0x9d, 1, 0x2a, 0x90, 1, 0x2c, 1);
const bmp = new Blob([
  words('BM'),
  Uint8Array.from([99, 0, 0, 0, 0, 0, 0, 0, 54, 0, 0, 0, 40, 0, 0, 0, 0x90, 1, 0, 0, 0xd4, 0xfe, 0xff, 0xff]),
]);

describe('a picture is known by its bytes', () => {
  it.each([
    ['jpeg', hugeJpeg],
    ['gif', stillGif],
    ['png', brokenPng],
    ['heic', heic],
    ['svg', svg],
    ['webp', extended],
    ['bmp', bmp],
    ['avif', new Blob(['\0\0\0\x1cftypmif1\0\0\0\0mif1avifmiaf'])],
    ['svg', new Blob(['<svg'], { type: 'image/svg+xml' })],
    ['other', new Blob(['no picture at all'], { type: 'image/png' })],
    [null, new Blob(['BMW is a car'])],
    [null, new Blob(['<p>An <svg> in a page</p>'])],
    [null, new Blob([])],
  ])('%s', async (kind, file) => expect(await kindOf(file)).toBe(kind));
});

describe('the size of a picture is read from its header', () => {
  it.each([
    ['jpeg', hugeJpeg, { width: 10_000, height: 10_000, animated: false }],
    ['gif', stillGif, { width: 1, height: 1, animated: false }],
    ['gif', animatedGif, { width: 1, height: 1, animated: true }],
    ['png', brokenPng, { width: 8, height: 8, animated: false }],
    ['heic', heic, { width: 4032, height: 3024, animated: false }],
    ['webp', extended, { width: 400, height: 300, animated: true }],
    ['webp', lossless, { width: 400, height: 300, animated: false }],
    ['webp', lossy, { width: 400, height: 300, animated: false }],
    ['bmp', bmp, { width: 400, height: 300, animated: false }],
  ] as const)('%s', async (kind, file, header) => expect(await pictureHeader(file, kind)).toEqual(header));

  it.each([
    ['jpeg', new Blob([Uint8Array.from([0xff, 0xd8, 0xff])])],
    ['jpeg', new Blob([Uint8Array.from([0xff, 0xd8, ...Array<number>(9000).fill(0xff)])])],
    ['png', new Blob([words('\u0089PNG')])],
    ['gif', new Blob(['GIF89a'])],
    ['webp', webp('JUNK')],
    ['heic', new Blob(['\0\0\0\x18ftypheic'])],
  ] as const)('and one that is cut off has none: %s', async (kind, file) =>
    expect(await pictureHeader(file, kind)).toBeNull(),
  );
});
