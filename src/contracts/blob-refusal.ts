/** WebKit's private windows store ArrayBuffers, but refuse every write that has a Blob in it, and no browser tells beforehand. */

/** As refusals have been seen. A full disk or a closed database has a name of its own, and bytes would fare no better there. */
const names: ReadonlySet<string> = new Set(['UnknownError', 'AbortError', 'DataCloneError']);

/** Whether one database refuses Blobs: found out by the first write that has one, and remembered. */
export class BlobRefusal {
  #refused = false;

  /**
   * Writes something with Blobs in it.
   * @param write called with false; where that fails as refusals do, once more with true: it must then store bytes in the place
   * of Blobs. What failed must have left nothing behind.
   */
  async write<T>(write: (asBytes: boolean) => Promise<T>): Promise<T> {
    if (this.#refused) return write(true);
    try {
      return await write(false);
    } catch (error) {
      if (!(error instanceof DOMException) || !names.has(error.name)) throw error;
      const result = await write(true);
      this.#refused = true;
      return result;
    }
  }
}
