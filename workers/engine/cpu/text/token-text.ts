/** From the bytes of tokens to text: a character may be spread over several of them. */
export class TokenText {
  readonly #decoder = new TextDecoder('utf-8', { ignoreBOM: true });

  /** @returns the characters that are whole by now; bytes that can be none come as U+FFFD */
  push(bytes: Uint8Array): string {
    return this.#decoder.decode(bytes, { stream: true });
  }

  /** What is left at the end: U+FFFD for a character that was begun, or nothing. */
  flush(): string {
    return this.#decoder.decode();
  }
}
