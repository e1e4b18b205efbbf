import type { ByteSource } from '../../gguf/byte-source';
import { ByteReader } from '../byte-reader';
import { fetchPart } from '../download/ranged-fetch';
import { PassingTrouble } from '../download/passing-trouble';
import { withFewTries } from './fetch-json';

/**
 * A file at an address, read piece by piece with ranges: for its header only.
 * @returns a source whose reads throw FailureError, or the signal's reason
 */
export const remoteSource = (url: string, path: string, size: number, signal: AbortSignal): ByteSource => ({
  size,
  read: (start, end) =>
    withFewTries(signal, async () => {
      const { body } = await fetchPart({ url, path, start, end, total: size, signal });
      const bytes = new Uint8Array(end - start);
      let filled = 0;
      const reader = new ByteReader(body);
      try {
        while (filled < bytes.length) {
          const read = await reader.read();
          if (read === null) break;
          const piece = read.subarray(0, bytes.length - filled);
          bytes.set(piece, filled);
          filled += piece.length;
        }
      } catch (error) {
        throw new PassingTrouble({ kind: 'network-unreachable', technical: `${String(error)} (${url})` });
      } finally {
        reader.cancel();
      }
      if (filled < bytes.length)
        throw new PassingTrouble({
          kind: 'network-unreachable',
          technical: `${filled} of ${bytes.length} bytes (${url})`,
        });
      return bytes;
    }),
});
