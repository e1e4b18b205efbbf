import { createSHA256, type IHasher } from 'hash-wasm';
import { piecesOf } from '../byte-reader';

/** SHA-256 of several files at a time, each fed in order. (WebCrypto is faster, but cannot hash what it does not have whole.) */
export class RunningHashes {
  readonly #hashers = new Map<number, IHasher>();
  #lastId = 0;

  /**
   * @param state of an earlier hash, to go on from
   * @returns the id under which the file is fed; `resumed` is false where the state is of another build of the hasher
   */
  async begin(state?: Uint8Array): Promise<{ readonly id: number; readonly resumed: boolean }> {
    const hasher = (await createSHA256()).init();
    let resumed = false;
    try {
      if (state) hasher.load(state);
      resumed = state !== undefined;
    } catch {
      hasher.init();
    }
    this.#lastId += 1;
    this.#hashers.set(this.#lastId, hasher);
    return { id: this.#lastId, resumed };
  }

  /** The state of a hash, for `begin`; undefined for an id that nobody knows. */
  save(id: number): Uint8Array | undefined {
    return this.#hashers.get(id)?.save();
  }

  /**
   * Takes the next bytes of a file.
   * @throws DOMException when they cannot be read any more
   */
  async update(id: number, piece: Blob): Promise<void> {
    const hasher = this.#hashers.get(id);
    // Not whole: chunks would lie around as garbage, each as large as a chunk.
    for await (const bytes of piecesOf(piece)) hasher?.update(bytes);
  }

  /** @returns lower-case hex; the file is forgotten */
  end(id: number): string {
    const hash = this.#hashers.get(id)?.digest('hex') ?? '';
    this.#hashers.delete(id);
    return hash;
  }
}
