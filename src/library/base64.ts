/** Bytes that are encoded in one call: `String.fromCharCode` takes its argument list from the stack. */
const piece = 0x6000;

/** Base64 of a Blob, in pieces of at most `characters` characters, each of which can be read alone. */
export async function* base64Of(blob: Blob, characters: number): AsyncGenerator<string> {
  const bytesPerLine = (characters / 4) * 3;
  for (let start = 0; start < blob.size; start += bytesPerLine) {
    const bytes = new Uint8Array(await blob.slice(start, start + bytesPerLine).arrayBuffer());
    const pieces: string[] = [];
    for (let at = 0; at < bytes.length; at += piece) {
      // A multiple of three: no padding in the middle.
      pieces.push(btoa(String.fromCharCode(...bytes.subarray(at, at + piece))));
    }
    yield pieces.join('');
  }
}
