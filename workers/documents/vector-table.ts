/** The vectors of a document, and how near a question comes to each: all are looked at, which takes milliseconds for ten thousand. */

/** A number of a vector of length 1 is at most 1; stored, it is this. */
const scale = 127;

export class VectorTable {
  readonly #values: Int8Array;
  readonly count: number;

  constructor(
    bytes: ArrayBuffer,
    readonly modelId: string,
    readonly dimensions: number,
  ) {
    this.#values = new Int8Array(bytes);
    this.count = dimensions > 0 ? Math.floor(bytes.byteLength / dimensions) : 0;
  }

  /**
   * The cosine of the question with each passage, written to `into` from `at` on.
   * @param question of length 1, and of as many numbers as these vectors
   */
  cosines(question: Float32Array, into: Float32Array, at: number): void {
    const values = this.#values;
    const { dimensions } = this;
    for (let row = 0; row < this.count; row += 1) {
      const start = row * dimensions;
      let sum = 0;
      for (let index = 0; index < dimensions; index += 1) {
        sum += (values[start + index] as number) * (question[index] as number);
      }
      into[at + row] = sum / scale;
    }
  }
}
