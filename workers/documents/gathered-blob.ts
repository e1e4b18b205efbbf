/** So many bytes are gathered before they go into a Blob: browsers keep large ones on disk. */
const gatheredBytes = 16_000_000;

/** A Blob of many pieces, which do not lie in memory together until it is whole. */
export class GatheredBlob {
  readonly #parts: Blob[] = [];
  #pieces: Uint8Array<ArrayBuffer>[] = [];
  #gathered = 0;

  push(piece: Uint8Array<ArrayBuffer>): void {
    this.#pieces.push(piece);
    this.#gathered += piece.length;
    if (this.#gathered <= gatheredBytes) return;
    this.#parts.push(new Blob(this.#pieces));
    this.#pieces = [];
    this.#gathered = 0;
  }

  /** @param type of its content */
  blob(type: string): Blob {
    return new Blob([...this.#parts, ...this.#pieces], { type });
  }
}
