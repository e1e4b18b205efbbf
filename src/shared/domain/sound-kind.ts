/** What is an audio file, by its first bytes: names and types are whatever the sender says. Pure. */

const at = (bytes: Uint8Array, start: number, letters: string): boolean =>
  [...letters].every((letter, index) => bytes[start + index] === letter.charCodeAt(0));

/** WAV, MP3, Ogg and Opus, FLAC, M4A, AAC; of WebM, which films are as well, what is called audio, or by no name. */
export function isSound(bytes: Uint8Array, type: string): boolean {
  if (at(bytes, 0, 'RIFF')) return at(bytes, 8, 'WAVE');
  if (['OggS', 'fLaC', 'ID3'].some((name) => at(bytes, 0, name))) return true;
  if (at(bytes, 4, 'ftyp')) return at(bytes, 8, 'M4A') || type.startsWith('audio/');
  // MPEG audio without a tag, and AAC by itself, begin with twelve bits that are set.
  if (bytes[0] === 0xff && ((bytes[1] ?? 0) & 0xf6) >= 0xf0) return bytes[1] !== 0xfe && bytes[1] !== 0xff;
  const isMatroska = [0x1a, 0x45, 0xdf, 0xa3].every((byte, index) => bytes[index] === byte);
  return isMatroska && /^(?:audio|video)\/webm$/.test(type);
}
