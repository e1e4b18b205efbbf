/**
 * How byte-level vocabularies write bytes as visible letters (GPT-2's table): printable ones stand for themselves, the others
 * move up from U+0100.
 */

const isPrintable = (byte: number): boolean =>
  (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || byte >= 174;

function letters(): readonly string[] {
  let moved = 0;
  return Array.from({ length: 256 }, (_, byte) => String.fromCharCode(isPrintable(byte) ? byte : 256 + moved++));
}

/** The letter of each byte. */
export const byteLetters = letters();

const bytes: ReadonlyMap<string, number> = new Map(byteLetters.map((letter, byte) => [letter, byte]));

/** The bytes that a token of letters stands for. What is no letter of the table stands for its own UTF-8. */
export function bytesOfLetters(text: string): Uint8Array {
  const found: number[] = [];
  for (const letter of text) {
    const byte = bytes.get(letter);
    if (byte === undefined) found.push(...new TextEncoder().encode(letter));
    else found.push(byte);
  }
  return Uint8Array.from(found);
}
