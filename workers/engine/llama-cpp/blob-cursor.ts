/**
 * Reads little-endian values from a Blob front to back, one window at a time, so that the header of a file of gigabytes costs
 * no more memory than a window. Nothing is ever allocated by a length that the file itself states.
 */
const windowBytes = 256 * 1024;

/** The file ends before what its header promises. */
export class EndOfFile extends Error {}
/** The bytes cannot be what they claim to be. */
export class Malformed extends Error {}

export class BlobCursor {
  #bytes = new Uint8Array();
  #view = new DataView(this.#bytes.buffer);
  #windowStart = 0;
  #position = 0;

  constructor(
    readonly blob: Blob,
    /** No header that this engine can use is longer; a hostile one must not make us read on and on. */
    readonly headerLimit = 256 * 1024 * 1024,
  ) {}

  get position(): number {
    return this.#windowStart + this.#position;
  }

  /** Whether the next `count` bytes are in memory: loops over many small values await only when they are not. */
  has(count: number): boolean {
    return this.#position + count <= this.#bytes.length;
  }

  /** Brings the next `count` bytes into memory. */
  async need(count: number): Promise<void> {
    if (this.has(count)) return;
    const start = this.position;
    if (start + count > this.blob.size) throw new EndOfFile(`needs ${count} bytes at ${start} of ${this.blob.size}`);
    if (start + count > this.headerLimit) throw new Malformed(`the header goes on beyond ${this.headerLimit} bytes`);
    const end = Math.min(this.blob.size, start + Math.max(count, windowBytes));
    this.#bytes = new Uint8Array(await this.blob.slice(start, end).arrayBuffer());
    this.#view = new DataView(this.#bytes.buffer);
    this.#windowStart = start;
    this.#position = 0;
    if (this.#bytes.length < count) throw new EndOfFile(`got ${this.#bytes.length} of ${count} bytes at ${start}`);
  }

  /** Goes on without reading. Skipping past the end is found by the next read, or by `skip` itself. */
  skip(count: number): void {
    if (this.position + count > this.blob.size)
      throw new EndOfFile(`skips ${count} bytes at ${this.position} of ${this.blob.size}`);
    if (this.has(count)) {
      this.#position += count;
    } else {
      this.#windowStart = this.position + count;
      this.#bytes = new Uint8Array();
      this.#position = 0;
    }
  }

  /** The readers below want their bytes to be in memory already. */
  u8 = (): number => this.#view.getUint8(this.#advance(1));
  i8 = (): number => this.#view.getInt8(this.#advance(1));
  u16 = (): number => this.#view.getUint16(this.#advance(2), true);
  i16 = (): number => this.#view.getInt16(this.#advance(2), true);
  u32 = (): number => this.#view.getUint32(this.#advance(4), true);
  i32 = (): number => this.#view.getInt32(this.#advance(4), true);
  f32 = (): number => this.#view.getFloat32(this.#advance(4), true);
  f64 = (): number => this.#view.getFloat64(this.#advance(8), true);

  u64(): number {
    const value = this.#view.getBigUint64(this.#advance(8), true);
    if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw new Malformed(`a number of ${value} cannot be a size`);
    return Number(value);
  }

  text(bytes: number): string {
    const start = this.#advance(bytes);
    return new TextDecoder().decode(this.#bytes.subarray(start, start + bytes));
  }

  #advance(count: number): number {
    const at = this.#position;
    this.#position += count;
    return at;
  }
}
