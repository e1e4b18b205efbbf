import type { AttachmentId, AttachmentRef } from '../../shared/domain/attachment';
import { pictureKind, tellingBytes } from '../../shared/domain/picture-kind';
import { pictureHeader } from '../../shared/domain/picture-size';
import { mostPixels } from '../../shared/platform/draw-picture';
import type { AttachmentTexts } from './attachment-texts';

/** A file of chats may have brought anything under the name of a picture: only what could have been prepared here is shown. */
async function asPicture(file: Blob): Promise<Blob | null> {
  const kind = pictureKind(new Uint8Array(await file.slice(0, tellingBytes).arrayBuffer()));
  if (kind !== 'png' && kind !== 'jpeg') return null;
  const header = await pictureHeader(file, kind);
  return header && header.width * header.height <= mostPixels ? file.slice(0, file.size, `image/${kind}`) : null;
}

/**
 * The pictures among these files, each read once. What is not here any more, or is no picture, is not in it. Never rejects.
 * @returns of all that are known, not only of these
 */
export async function storedPictures(
  { store, pictures }: AttachmentTexts,
  files: readonly AttachmentRef[],
): Promise<ReadonlyMap<AttachmentId, Blob>> {
  const unknown = files.filter(({ id, picture }) => picture && !pictures.has(id)).map(({ id }) => id);
  if (unknown.length === 0) return pictures;
  for (const { id, file } of await store.read(unknown).catch(() => [])) {
    const picture = await asPicture(file).catch(() => null);
    if (picture) pictures.set(id, picture);
  }
  return pictures;
}
