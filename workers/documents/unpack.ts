/** The parts of a packed document, unpacked no further than a document can be large: a few kilobytes may hold terabytes. */
import { FailureError } from '../../src/shared/protocol/failure';
import { GatheredBlob } from './gathered-blob';
import { zipEntries, type ZipEntry } from '../zip-entries';

/** All parts of a document that are read, together. */
const mostOfDocument = 200_000_000;

const tooLarge = (technical: string): FailureError => new FailureError({ kind: 'document-too-large', technical });

/** A document that is an archive. Everything that is read of it counts, whatever the archive says of its sizes. */
export class PackedFile {
  #left: number;

  private constructor(
    private readonly entries: ReadonlyMap<string, ZipEntry>,
    most: number,
  ) {
    this.#left = most;
  }

  /** @param most bytes that may be unpacked of it */
  static async open(file: Blob, most = mostOfDocument): Promise<PackedFile> {
    const entries = new Map<string, ZipEntry>();
    for await (const entry of zipEntries(file)) if (!entries.has(entry.name)) entries.set(entry.name, entry);
    return new PackedFile(entries, most);
  }

  get names(): readonly string[] {
    return [...this.entries.keys()];
  }

  has(name: string): boolean {
    return this.entries.has(name);
  }

  /**
   * Empty where there is no such part.
   * @param most bytes of this part; those of the whole archive when absent
   * @throws FailureError `document-too-large`, before more than that is unpacked; what the browser throws for damaged parts
   */
  async blob(name: string, type = '', most = Infinity): Promise<Blob> {
    const entry = this.entries.get(name);
    if (!entry) return new Blob([], { type });
    const unpacked = new GatheredBlob();
    let length = 0;
    const reader = entry.stream().getReader();
    for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
      length += piece.value.length;
      this.#left -= piece.value.length;
      if (length > most || this.#left < 0) {
        void reader.cancel().catch(() => undefined);
        throw tooLarge(`${name} unpacks to too much`);
      }
      unpacked.push(piece.value);
    }
    return unpacked.blob(type);
  }

  async bytes(name: string, most?: number): Promise<Uint8Array<ArrayBuffer>> {
    return new Uint8Array(await (await this.blob(name, '', most)).arrayBuffer());
  }

  async text(name: string, most?: number): Promise<string> {
    const bytes = await this.bytes(name, most);
    // Some programs of Windows write XML so.
    const wide =
      bytes[0] === 0xff && bytes[1] === 0xfe
        ? 'utf-16le'
        : bytes[0] === 0xfe && bytes[1] === 0xff
          ? 'utf-16be'
          : 'utf-8';
    return new TextDecoder(wide).decode(bytes);
  }
}
