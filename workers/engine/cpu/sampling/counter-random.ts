/**
 * Random numbers that are reached by their index instead of one after the other. The number for the 40th token of an answer is
 * the same whether 39 were drawn before it one by one, or some of them were guessed and checked together. Two rounds of
 * MurmurHash3's finalizer, whose constants they are, mix seed and index.
 */

function mix(value: number): number {
  let mixed = value ^ (value >>> 16);
  mixed = Math.imul(mixed, 0x85ebca6b);
  mixed ^= mixed >>> 13;
  mixed = Math.imul(mixed, 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}

const goldenRatio = 0x9e3779b9;

/** @param seed from 0 to below 2³² @param index a whole number from 0 @returns from 0 to below 1, in steps of 2⁻⁵³ */
export function randomAt(seed: number, index: number): number {
  const key = mix(Math.imul(index + 1, goldenRatio) ^ mix((seed ^ goldenRatio) >>> 0));
  const high = mix(key + (seed >>> 0)) >>> 5;
  const low = mix(Math.imul(key, goldenRatio) ^ ~seed) >>> 6;
  return (high * 2 ** 26 + low) / 2 ** 53;
}

export const randomSeed = (): number => crypto.getRandomValues(new Uint32Array(1))[0] ?? 0;
