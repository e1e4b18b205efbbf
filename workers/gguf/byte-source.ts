/** Where the bytes of a GGUF file come from: this device, or a server that answers ranges. */
import type { FileContent } from '../file-content';

export interface ByteSource {
  /** Bytes of the whole file. */
  readonly size: number;
  /**
   * The bytes from `start` up to, not including, `end`: exactly as many, since any other number is taken for a file that is cut
   * off. What goes wrong on the way is thrown, and reaches whoever asked for the header as it is.
   */
  read(start: number, end: number): Promise<Uint8Array<ArrayBuffer>>;
}

export function contentSource(content: FileContent): ByteSource {
  return {
    size: content.size,
    read: async (start, end) => new Uint8Array(await content.slice(start, end).arrayBuffer()),
  };
}
