/** Sound as models take it: one channel of 16 bits at 16 kHz. Pure. */

/** Samples of each second. */
export const soundRate = 16_000;

export type Sound = Int16Array<ArrayBuffer>;

const loudest = 32_767;

export const soundOf = (samples: Float32Array): Sound =>
  Int16Array.from(samples, (sample) => Math.round(Math.max(-1, Math.min(1, sample)) * loudest));

export function joinSounds(pieces: readonly Sound[]): Sound {
  const whole = new Int16Array(pieces.reduce((length, piece) => length + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

export const secondsOf = (sound: Sound): number => sound.length / soundRate;

/** How loud a piece is on the whole (root mean square), 0 to 1. */
export function loudnessOf(sound: Sound): number {
  let sum = 0;
  for (const sample of sound) sum += sample * sample;
  return sound.length === 0 ? 0 : Math.sqrt(sum / sound.length) / loudest;
}

/** Whether a microphone that is turned off, or nothing at all, was recorded: models make up words for silence. */
export const isSilent = (sound: Sound): boolean => !sound.some((sample) => Math.abs(sample) > 60);

const headerBytes = 44;

/** A WAV file. */
export function wavOf(sound: Sound): Blob {
  const header = new DataView(new ArrayBuffer(headerBytes));
  const name = (at: number, letters: string): void =>
    [...letters].forEach((letter, index) => header.setUint8(at + index, letter.charCodeAt(0)));
  name(0, 'RIFF');
  header.setUint32(4, headerBytes - 8 + sound.byteLength, true);
  name(8, 'WAVEfmt ');
  header.setUint32(16, 16, true);
  // PCM, one channel.
  header.setUint16(20, 1, true);
  header.setUint16(22, 1, true);
  header.setUint32(24, soundRate, true);
  header.setUint32(28, soundRate * 2, true);
  header.setUint16(32, 2, true);
  header.setUint16(34, 16, true);
  name(36, 'data');
  header.setUint32(40, sound.byteLength, true);
  return new Blob([header, sound], { type: 'audio/wav' });
}

/** Models hear about half a minute at once. */
const longestPart = 28 * soundRate;
const shortestPart = 18 * soundRate;
/** Pauses between words are about this long. */
const pause = 0.2 * soundRate;
const step = 0.05 * soundRate;

/** Where the quietest moment lies between two samples. */
function quietest(sound: Sound, from: number, to: number): number {
  let best = to;
  let least = Infinity;
  for (let at = from; at + pause <= to; at += step) {
    const loudness = loudnessOf(sound.subarray(at, at + pause));
    if (loudness >= least) continue;
    least = loudness;
    best = at + pause / 2;
  }
  return best;
}

/** Cuts a long sound into parts that a model can hear at once, each at the quietest moment, where hardly a word is cut in two. */
export function cutSound(sound: Sound): readonly Sound[] {
  const parts: Sound[] = [];
  let rest = sound;
  while (rest.length > longestPart) {
    const at = quietest(rest, shortestPart, longestPart);
    parts.push(rest.subarray(0, at));
    rest = rest.subarray(at);
  }
  return [...parts, rest];
}
