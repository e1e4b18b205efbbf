/**
 * The bytes of a picture or a sound, for a model. Looked at first: decoders of engines answer garbage with words of their own, and
 * some with their death.
 */
import type { TurnMedia } from '../../src/shared/domain/senses';
import { failed, FailureError } from '../../src/shared/protocol/failure';
import { wavSamples } from './wav';

const signatures = [
  { type: 'image/png', bytes: [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a] },
  { type: 'image/jpeg', bytes: [0xff, 0xd8, 0xff] },
] as const;

export interface MediaBytes {
  readonly type: 'image/png' | 'image/jpeg' | 'audio/wav';
  readonly data: ArrayBuffer;
}

/** @throws FailureError `picture-unreadable` or `sound-unreadable` for what is no PNG, JPEG or WAV, or can no longer be read */
export async function mediaBytes({ kind, blob }: TurnMedia): Promise<MediaBytes> {
  const unreadable = kind === 'picture' ? 'picture-unreadable' : 'sound-unreadable';
  const data = await blob.arrayBuffer().catch((error: unknown) => {
    throw new FailureError(failed(unreadable, String(error)).failure);
  });
  if (kind === 'sound') {
    wavSamples(data);
    return { type: 'audio/wav', data };
  }
  const bytes = new Uint8Array(data, 0, Math.min(8, data.byteLength));
  const found = signatures.find((signature) => signature.bytes.every((byte, index) => bytes[index] === byte));
  if (!found) throw new FailureError(failed(unreadable, 'the picture is neither PNG nor JPEG').failure);
  return { type: found.type, data };
}
