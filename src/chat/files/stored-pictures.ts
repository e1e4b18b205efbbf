import type { AttachmentId, AttachmentRef } from '../../shared/domain/attachment';
import { pictureKind, tellingBytes } from '../../shared/domain/picture-kind';
import { pictureHeader } from '../../shared/domain/picture-size';
import { mostPixels } from '../../shared/platform/draw-picture';
import { isMedia, type AttachmentTexts } from './attachment-texts';

/** A file of chats may have brought anything under the name of a picture: only what could have been prepared here is shown. */
async function asPicture(file: Blob): Promise<Blob | null> {
  const kind = pictureKind(new Uint8Array(await file.slice(0, tellingBytes).arrayBuffer()));
  if (kind !== 'png' && kind !== 'jpeg') return null;
  const header = await pictureHeader(file, kind);
  return header && header.width * header.height <= mostPixels ? file.slice(0, file.size, `image/${kind}`) : null;
}

/** As the app itself writes them, whoever has written this one: 16 kHz, one channel, 16 bits. */
async function asSound(file: Blob): Promise<Blob | null> {
  const head = await file.slice(0, 44).arrayBuffer();
  if (head.byteLength < 44) return null;
  const view = new DataView(head);
  const isWav = [view.getUint32(0), view.getUint32(8)].join() === [0x52494646, 0x57415645].join();
  const fits = view.getUint32(24, true) === 16_000 && view.getUint16(22, true) === 1 && view.getUint16(34, true) === 16;
  return isWav && fits ? file.slice(0, file.size, 'audio/wav') : null;
}

/**
 * The pictures and sounds among these files, each read once. What is not here any more, or is no such thing, is not in it. Never rejects.
 * @returns of all that are known, not only of these
 */
export async function storedPictures(
  { store, pictures }: AttachmentTexts,
  files: readonly AttachmentRef[],
): Promise<ReadonlyMap<AttachmentId, Blob>> {
  const unknown = files.filter((file) => isMedia(file) && !pictures.has(file.id)).map(({ id }) => id);
  if (unknown.length === 0) return pictures;
  for (const { id, file, sound } of await store.read(unknown).catch(() => [])) {
    const found = await (sound ? asSound(file) : asPicture(file)).catch(() => null);
    if (found) pictures.set(id, found);
  }
  return pictures;
}
