/** Sounds as they are handed to models: WAV of 16 kHz, one channel, 16 bits. */
import { failed, FailureError } from '../../src/shared/protocol/failure';

export const soundRate = 16_000;
const headerBytes = 44;

const refuse = (technical: string): never => {
  throw new FailureError(failed('sound-unreadable', technical).failure);
};

/** @throws FailureError `sound-unreadable` for anything else than such a WAV. @returns a view of its samples */
export function wavSamples(data: ArrayBuffer): Int16Array {
  const view = new DataView(data);
  const tag = (at: number): string =>
    at + 4 <= data.byteLength ? String.fromCharCode(...new Uint8Array(data, at, 4)) : '';
  if (tag(0) !== 'RIFF' || tag(8) !== 'WAVE') refuse('the sound is no WAV');
  let isKnown = false;
  // What others write beside format and samples is stepped over.
  for (let at = 12; at + 8 <= data.byteLength;) {
    const length = view.getUint32(at + 4, true);
    const start = at + 8;
    if (tag(at) === 'fmt ' && start + 16 <= data.byteLength) {
      const [format, channels, rate, width] = [
        view.getUint16(start, true),
        view.getUint16(start + 2, true),
        view.getUint32(start + 4, true),
        view.getUint16(start + 14, true),
      ];
      isKnown = format === 1 && channels === 1 && rate === soundRate && width === 16;
      if (!isKnown) refuse(`the WAV has the format ${format}, ${channels} channels, ${rate} Hz and ${width} bits`);
    }
    if (tag(at) === 'data' && isKnown) {
      const bytes = Math.min(length, data.byteLength - start);
      // Samples may begin at an odd byte, where no view can.
      return start % 2 === 0
        ? new Int16Array(data, start, bytes >> 1)
        : new Int16Array(data.slice(start, start + bytes));
    }
    at = start + length + (length & 1);
  }
  return refuse('the WAV holds no samples');
}

/** A WAV of these samples. */
export function wavOf(samples: Int16Array): ArrayBuffer {
  const wav = new ArrayBuffer(headerBytes + samples.length * 2);
  const view = new DataView(wav);
  const tag = (at: number, text: string): void => new Uint8Array(wav).set(new TextEncoder().encode(text), at);
  tag(0, 'RIFF');
  view.setUint32(4, wav.byteLength - 8, true);
  tag(8, 'WAVEfmt ');
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true);
  view.setUint16(22, 1, true);
  view.setUint32(24, soundRate, true);
  view.setUint32(28, soundRate * 2, true);
  view.setUint16(32, 2, true);
  view.setUint16(34, 16, true);
  tag(36, 'data');
  view.setUint32(40, samples.length * 2, true);
  new Int16Array(wav, headerBytes).set(samples);
  return wav;
}
