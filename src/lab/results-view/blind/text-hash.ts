/**
 * 32 bits from a text, by FNV-1a with a last mixing (as in MurmurHash3), since neighbouring ids would otherwise give neighbouring
 * numbers, and the order would follow the contenders.
 */
export function textHash(text: string): number {
  let hash = 0x811c9dc5;
  for (const character of text) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** The indices from 0 to `count` − 1 in an order that only the seed decides. */
export const hiddenOrder = (seed: string, count: number): readonly number[] =>
  Array.from({ length: count }, (_, index) => ({ index, place: textHash(`${seed} ${index}`) }))
    .toSorted((a, b) => a.place - b.place)
    .map(({ index }) => index);
