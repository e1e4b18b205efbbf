/** Audio files, as models take them. The browser decodes: WAV, MP3, AAC, Ogg, Opus, FLAC, WebM, whichever it knows. */
import { failed, type Result } from '../../shared/protocol/failure';
import { joinSounds, soundOf, soundRate, type Sound } from './sound';

/** Half an hour of stereo takes 700 MB of memory for a moment while it is decoded, in seconds. */
export const longestSound = 1800;
/** No recording of that length is larger, unless it is made for studios. */
const mostBytes = 600_000_000;
/** Where the length is not known before it is decoded: at most half an hour of the smallest kinds there are. */
const mostUnknownBytes = 20_000_000;
/** For the length of a file, in ms. */
const patienceMs = 10_000;

const tooLong = (technical: string, name: string): Result<Sound> =>
  failed('sound-too-long', technical, { subject: name, numbers: { mostSeconds: longestSound } });

/** How long a file lasts, without decoding it, in seconds; null where the browser does not tell. */
async function lengthOf(file: Blob): Promise<number | null> {
  const audio = new Audio();
  const url = URL.createObjectURL(file);
  try {
    return await new Promise<number | null>((resolve) => {
      const look = (): void => {
        if (Number.isFinite(audio.duration)) return resolve(audio.duration);
        // What a browser has recorded itself says its length nowhere; its end does.
        if (audio.duration === Infinity) audio.currentTime = Number.MAX_SAFE_INTEGER;
      };
      audio.addEventListener('loadedmetadata', look);
      audio.addEventListener('durationchange', look);
      audio.addEventListener('error', () => resolve(null));
      setTimeout(() => resolve(null), patienceMs);
      audio.preload = 'metadata';
      audio.src = url;
    });
  } finally {
    audio.removeAttribute('src');
    URL.revokeObjectURL(url);
  }
}

/** Channels mixed into one, a second at a time: for the whole at once, there would be three copies of it. */
function mixed(buffer: AudioBuffer): Sound {
  const channels = Array.from({ length: buffer.numberOfChannels }, (_, index) => buffer.getChannelData(index));
  const pieces: Sound[] = [];
  for (let at = 0; at < buffer.length; at += soundRate) {
    const parts = channels.map((channel) => channel.subarray(at, at + soundRate));
    const piece = new Float32Array(parts[0]?.length ?? 0);
    for (const part of parts)
      part.forEach((sample, index) => (piece[index] = (piece[index] ?? 0) + sample / parts.length));
    pieces.push(soundOf(piece));
  }
  return joinSounds(pieces);
}

/**
 * Reads an audio file.
 * @returns `sound-too-long` before anything is decoded; `sound-unreadable` for what is none, or of a kind that the browser lacks;
 * `cancelled`
 */
export async function readSound(file: File, signal: AbortSignal): Promise<Result<Sound>> {
  const { name, size } = file;
  if (size > mostBytes) return tooLong(`${size} bytes`, name);
  const seconds = await lengthOf(file);
  if (seconds === null && size > mostUnknownBytes)
    return failed('sound-unreadable', 'its length is not known', { subject: name });
  if (seconds !== null && seconds > longestSound) return tooLong(`${seconds} s`, name);
  if (signal.aborted) return failed('cancelled', 'it was taken away');
  try {
    // Decoding also brings it to the rate of the context.
    const context = new OfflineAudioContext(1, 1, soundRate);
    const buffer = await context.decodeAudioData(await file.arrayBuffer());
    if (buffer.duration > longestSound + 1) return tooLong(`${buffer.duration} s`, name);
    return buffer.length === 0
      ? failed('sound-unreadable', 'it is empty', { subject: name })
      : { ok: true, value: mixed(buffer) };
  } catch (error) {
    return failed('sound-unreadable', String(error), { subject: name });
  }
}
