/**
 * Reads little-endian values front to back, one window at a time, so that the header of a file of gigabytes costs no more memory
 * than a window. Nothing is ever allocated by a length that the file itself states.
 */
import type { ByteSource } from './byte-source';

export interface ReadingLimits {
  /** Bytes fetched at a time: few for a file on this device, more where every read is a request. */
  readonly windowBytes?: number;
  /** No header that an engine can use is longer; a hostile one must not make us read on and on. */
  readonly headerBytes?: number;
}

/** One for all: a vocabulary has hundreds of thousands of texts. */
const decoder = new TextDecoder();

/** The file ends before what its header promises. */
export class EndOfFile extends Error {}
/** The bytes cannot be what they claim to be. */
export class Malformed extends Error {}

export class ByteCursor {
  readonly #windowBytes: number;
  readonly #headerBytes: number;
  #bytes = new Uint8Array();
  #view = new DataView(this.#bytes.buffer);
  #windowStart = 0;
  #position = 0;

  constructor(
    readonly source: ByteSource,
    { windowBytes = 256 * 1024, headerBytes = 256 * 1024 * 1024 }: ReadingLimits = {},
  ) {
    this.#windowBytes = windowBytes;
    this.#headerBytes = headerBytes;
  }

  get position(): number {
    return this.#windowStart + this.#position;
  }

  /** Bytes of the file that are still to come. */
  get left(): number {
    return this.source.size - this.position;
  }

  /** Whether the next `count` bytes are in memory: loops over many small values await only when they are not. */
  has(count: number): boolean {
    return this.#position + count <= this.#bytes.length;
  }

  /** Brings the next `count` bytes into memory. Throws `EndOfFile`, `Malformed`, or what the source throws. */
  async need(count: number): Promise<void> {
    if (this.has(count)) return;
    const start = this.position;
    if (count > this.left) throw new EndOfFile(`needs ${count} bytes at ${start} of ${this.source.size}`);
    if (start + count > this.#headerBytes) throw new Malformed(`has a header of more than ${this.#headerBytes} bytes`);
    const end = Math.min(this.source.size, start + Math.max(count, this.#windowBytes));
    const bytes = await this.source.read(start, end);
    // More than was asked for is as bad as less: a server that ignores ranges sends the file from its start.
    if (bytes.length !== end - start) throw new EndOfFile(`got ${bytes.length} of ${end - start} bytes at ${start}`);
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#windowStart = start;
    this.#position = 0;
  }

  /** Goes on without reading. Throws `EndOfFile` where that leads out of the file. */
  skip(count: number): void {
    if (count > this.left) throw new EndOfFile(`skips ${count} bytes at ${this.position} of ${this.source.size}`);
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
  /** Beyond 2^53 these two are rounded, which no size is. */
  u64 = (): number => Number(this.#view.getBigUint64(this.#advance(8), true));
  i64 = (): number => Number(this.#view.getBigInt64(this.#advance(8), true));

  /** A 64-bit number that counts something in the file. */
  size(): number {
    const value = this.u64();
    if (!Number.isSafeInteger(value)) throw new Malformed(`has a size of ${value}`);
    return value;
  }

  text(bytes: number): string {
    const start = this.#advance(bytes);
    return decoder.decode(this.#bytes.subarray(start, start + bytes));
  }

  #advance(count: number): number {
    const at = this.#position;
    this.#position += count;
    return at;
  }
}
