/**
 * Cuts a long sound into windows that a model can take in, where it is quietest: a word that is cut in two is written down wrong
 * twice. Whisper and its like were trained on half a minute, and the memory of a model fills up with longer ones.
 */
import { soundRate } from './wav';

const usualSeconds = 30;
/** How much of a window, from its end, is searched for a pause. */
const searchedShare = 1 / 3;
const pauseSeconds = 0.2;

/** @returns views of the samples, together all of them, none longer than `mostSeconds` */
export function soundWindows(samples: Int16Array, mostSeconds = usualSeconds): readonly Int16Array[] {
  const longest = Math.floor(Math.min(mostSeconds, usualSeconds) * soundRate);
  const windows: Int16Array[] = [];
  let start = 0;
  while (samples.length - start > longest) {
    const end = quietest(samples, start + Math.floor(longest * (1 - searchedShare)), start + longest);
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
