import type { ModelHub } from '../../../src/shared/domain/model-hub';
import type { WeightsFile, WeightsManifest } from '../../../src/shared/protocol/weights';
import type { ByteSource } from '../../gguf/byte-source';
import { ByteReader } from '../byte-reader';
import { unreachable } from '../download/passing-trouble';
import { fetchPart } from '../download/ranged-fetch';
import { fileUrl } from '../source-address';
import { type Look, unlessSilent, withFewTries } from './look';

/** A file of a model, at the address from which it is going to be fetched. */
export const fileSource = (manifest: WeightsManifest, file: WeightsFile, hub: ModelHub, look: Look): ByteSource =>
  remoteSource(fileUrl(manifest, file, hub) ?? '', file.path, file.bytes, look);

/**
 * A file at an address, read piece by piece with ranges: for its header only.
 * @returns a source whose reads throw FailureError, or the signal's reason
 */
const remoteSource = (url: string, path: string, size: number, look: Look): ByteSource => ({
  size,
  read: (start, end) =>
    withFewTries(look, () =>
      unlessSilent(look, url, async (signal, alive) => {
        const { body } = await fetchPart({ url, path, start, end, total: size, signal });
        const bytes = new Uint8Array(end - start);
        let filled = 0;
        const reader = new ByteReader(body);
        try {
          while (filled < bytes.length) {
            const read = await reader.read();
            if (read === null) break;
            alive();
            const piece = read.subarray(0, bytes.length - filled);
            bytes.set(piece, filled);
            filled += piece.length;
          }
        } catch (error) {
          throw unreachable(url, error);
        } finally {
          reader.cancel();
        }
        if (filled < bytes.length) throw unreachable(url, `${filled} of ${bytes.length} bytes`);
        return bytes;
      }),
    ),
});
