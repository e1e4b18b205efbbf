import type { FileContent } from '../../file-content';

interface Chunks {
  /** Length of each chunk but the last, in bytes. */
  readonly chunkBytes: number;
  /** @throws DOMException when the chunk cannot be read any more */
  read(index: number): Promise<ArrayBuffer>;
}

/**
 * A file in chunks that are ArrayBuffers. As one Blob, all of it would be copied before the first byte is used, and lie in
 * memory beside the engine's own copy; so a chunk is read when its bytes are asked for, and only the last one is kept.
 */
export function chunkedContent(chunks: Chunks, bytes: number): FileContent {
  return new ChunkedContent(new LastChunk(chunks), 0, bytes);
}

/** Readers ask for neighboring pieces, each smaller than a chunk. */
class LastChunk {
  #index = -1;
  #bytes: Promise<ArrayBuffer> = Promise.resolve(new ArrayBuffer(0));

  constructor(private readonly chunks: Chunks) {}

  get chunkBytes(): number {
    return this.chunks.chunkBytes;
  }

  read(index: number): Promise<ArrayBuffer> {
    if (index === this.#index) return this.#bytes;
    const bytes = this.chunks.read(index);
    this.#index = index;
    this.#bytes = bytes;
    // What failed may be tried again.
    bytes.catch(() => {
      if (this.#bytes === bytes) this.#index = -1;
    });
    return bytes;
  }
}

class ChunkedContent implements FileContent {
  constructor(
    private readonly chunks: LastChunk,
    private readonly start: number,
    private readonly end: number,
  ) {}

  get size(): number {
    return this.end - this.start;
  }

  slice(start = 0, end = this.size): FileContent {
    const from = this.start + Math.min(start, this.size);
    return new ChunkedContent(this.chunks, from, Math.max(from, this.start + Math.min(end, this.size)));
  }

  async arrayBuffer(): Promise<ArrayBuffer> {
    const { chunkBytes } = this.chunks;
    const bytes = new Uint8Array(this.size);
    for (let at = this.start; at < this.end;) {
      const index = Math.floor(at / chunkBytes);
      const chunk = await this.chunks.read(index);
      const offset = at - index * chunkBytes;
      const piece = new Uint8Array(chunk, offset, Math.min(this.end - at, chunkBytes - offset));
      bytes.set(piece, at - this.start);
      at += piece.length;
    }
    return bytes.buffer;
  }
}
