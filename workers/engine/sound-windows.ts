/**
 * Cuts a long sound into windows that a model can take in, where it is quietest: a word that is cut in two is written down wrong
 * twice. Whisper and its like were trained on half a minute, and the memory of a model fills up with longer ones.
 */
import { soundRate } from './wav';

const longestSeconds = 30;
/** How far back from the end of a window a pause is looked for. */
const searchedSeconds = 10;
const pauseSeconds = 0.2;

/** @returns views of the samples, together all of them, none longer than 30 s */
export function soundWindows(samples: Int16Array): readonly Int16Array[] {
  const windows: Int16Array[] = [];
  let start = 0;
  while (samples.length - start > longestSeconds * soundRate) {
    const end = quietest(
      samples,
      start + (longestSeconds - searchedSeconds) * soundRate,
      start + longestSeconds * soundRate,
    );
    windows.push(samples.subarray(start, end));
    start = end;
  }
  windows.push(samples.subarray(start));
  return windows;
}

/** The middle of the quietest stretch. */
function quietest(samples: Int16Array, from: number, to: number): number {
  const length = pauseSeconds * soundRate;
  let best = to;
  let least = Infinity;
  // The latest of equals, since longer windows are fewer.
  for (let at = from; at + length <= to; at += length / 2) {
    let energy = 0;
    for (let index = at; index < at + length; index += 1) energy += (samples[index] ?? 0) ** 2;
    if (energy > least) continue;
    least = energy;
    best = at + length / 2;
  }
  return best;
}
