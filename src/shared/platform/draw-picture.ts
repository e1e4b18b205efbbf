/**
 * Makes of a picture what is kept and shown to models. It is drawn anew, so nothing of the file remains but the pixels: no place,
 * no camera, no comment, no small copy of what was cropped. The same in a worker and in a page.
 */
import { failed, type Result } from '../protocol/failure';
import { pictureKind, tellingBytes, type PictureKind } from '../domain/picture-kind';
import { pictureHeader } from '../domain/picture-size';
import type { PreparedPicture } from '../protocol/pictures';

/** More, and the encoders of models cut it into tiles or scale it down themselves, at the cost of thousands of tokens. In pixels. */
export const longestEdge = 1280;
/** Decoded, a pixel takes four bytes: beyond this, a phone ends the page. */
export const mostPixels = 64_000_000;
const mostBytes = 100_000_000;
/** A drawing is sharper as PNG; a photograph in it would be many times as large as a JPEG. */
const mostPngBytes = 1_000_000;
const jpegQuality = 0.9;

/** What a page and a worker have under different names. */
export interface Canvas {
  readonly context: Pick<
    OffscreenCanvasRenderingContext2D,
    'drawImage' | 'fillRect' | 'fillStyle' | 'imageSmoothingQuality'
  >;
  encode(type: string, quality?: number): Promise<Blob>;
}

/** Null where this thread has none. */
export type MakeCanvas = (width: number, height: number) => Canvas | null;

const sharpKinds: ReadonlySet<PictureKind> = new Set(['png', 'gif', 'bmp']);

const fitted = (width: number, height: number): { readonly width: number; readonly height: number } => {
  const scale = Math.min(1, longestEdge / Math.max(width, height));
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
};

/**
 * Failures: `picture-refused`, `picture-heic`, `picture-unreadable`, `picture-too-large`.
 * @returns null where `makeCanvas` has none
 * @throws DOMException where the file can no longer be read
 */
export async function drawPicture(
  file: Blob,
  name: string,
  makeCanvas: MakeCanvas,
): Promise<Result<PreparedPicture> | null> {
  const subject = { subject: name };
  const kind = pictureKind(new Uint8Array(await file.slice(0, tellingBytes).arrayBuffer()), file.type);
  if (kind === 'svg') return failed('picture-refused', 'SVG', subject);
  const header = kind && (await pictureHeader(file, kind));
  if (!header)
    return failed(kind === 'heic' ? 'picture-heic' : 'picture-unreadable', `${kind}: no size in it`, subject);
  if (header.width * header.height > mostPixels || file.size > mostBytes)
    return failed('picture-too-large', `${header.width} × ${header.height} pixels, ${file.size} bytes`, subject);
  let bitmap: ImageBitmap;
  try {
    bitmap = await createImageBitmap(file, { imageOrientation: 'from-image' });
  } catch (error) {
    // Safari knows this kind; where it is unknown, that is no damage.
    return failed(kind === 'heic' ? 'picture-heic' : 'picture-unreadable', `${kind}: ${String(error)}`, subject);
  }
  try {
    const { width, height } = fitted(bitmap.width, bitmap.height);
    const canvas = makeCanvas(width, height);
    if (!canvas) return null;
    const { context } = canvas;
    // Engines drop the transparency, and what is below it is black mostly: black letters would be gone.
    context.fillStyle = '#fff';
    context.fillRect(0, 0, width, height);
    context.imageSmoothingQuality = 'high';
    context.drawImage(bitmap, 0, 0, width, height);
    const sharp = sharpKinds.has(kind) ? await canvas.encode('image/png') : null;
    const drawn = sharp && sharp.size <= mostPngBytes ? sharp : await canvas.encode('image/jpeg', jpegQuality);
    return { ok: true, value: { file: drawn, width, height, isFirstOfMany: header.animated } };
  } catch (error) {
    return failed('picture-unreadable', String(error), subject);
  } finally {
    bitmap.close();
  }
}
