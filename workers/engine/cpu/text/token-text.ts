/** Bytes of tokens to text, as they come: the bytes of a character may be spread over several tokens. */
export class TokenText {
  // A byte order mark that a model writes is part of its answer.
  readonly #decoder = new TextDecoder('utf-8', { ignoreBOM: true });

  /** What of the text is whole by now. Bytes that can never be text become U+FFFD; those of an unfinished character wait. */
  push(bytes: Uint8Array): string {
    return this.#decoder.decode(bytes, { stream: true });
  }

  /** The end: U+FFFD for a character that was not finished. Begins anew. */
  flush(): string {
    return this.#decoder.decode();
  }
}
