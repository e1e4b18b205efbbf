/**
 * Where the keys and values of the first positions lie in the memory of a model (kernels/layer/cache.ts draws it): many stretches
 * of equal length, which are copied out when a conversation is left and back when it is returned to.
 */
import type { Kernels } from './kernel-exports';

export interface CacheRegions {
  /** Of the first stretch. */
  readonly address: number;
  /** Bytes from one stretch to the next. */
  readonly step: number;
  readonly count: number;
  /** Positions that share their bytes: a stretch is copied in whole groups of them. */
  readonly group: number;
  readonly groupBytes: number;
}

interface CacheShape {
  readonly byteCache: boolean;
  readonly kvHeads: number;
  readonly headLength: number;
  readonly contextTokens: number;
}

/** The stretches of one layer. @param addresses of its keys, its values, and the scales of those */
export function regionsOf(
  kernels: Pick<Kernels, 'keyCacheBytes' | 'valueCacheBytes'>,
  { byteCache, kvHeads, headLength, contextTokens }: CacheShape,
  addresses: { readonly keys: number; readonly values: number; readonly scales: number },
): readonly CacheRegions[] {
  const form = byteCache ? 1 : 0;
  const keyStep = kernels.keyCacheBytes(form, 1, headLength, contextTokens);
  const valueRows = headLength / 4;
  const valueStep = kernels.valueCacheBytes(form, 1, headLength, contextTokens) / valueRows;
  const valueGroup = byteCache ? 32 : 1;
  const regions: CacheRegions[] = [
    { address: addresses.keys, step: keyStep, count: kvHeads, group: 4, groupBytes: (keyStep * 4) / contextTokens },
    {
      address: addresses.values,
      step: valueStep,
      count: kvHeads * valueRows,
      group: valueGroup,
      groupBytes: (valueStep * valueGroup) / contextTokens,
    },
  ];
  if (byteCache)
    regions.push({ address: addresses.scales, step: contextTokens * 4, count: kvHeads, group: 1, groupBytes: 4 });
  return regions;
}

/** Positions that are copied by themselves: whole groups of every region, and as few as are worth a record of their own. */
export const blockPositions = 128;

const stretchBytes = ({ group, groupBytes }: CacheRegions, positions: number): number =>
  Math.ceil(positions / group) * groupBytes;

/** Bytes that keys and values of so many positions take when they are copied out. */
export const copiedBytes = (regions: readonly CacheRegions[], positions: number): number =>
  regions.reduce((sum, region) => sum + region.count * stretchBytes(region, positions), 0);

/** Copies positions out of a memory, or out of a copy. @param from a multiple of `blockPositions` @param to not included */
export function copyOut(
  bytes: Uint8Array,
  regions: readonly CacheRegions[],
  to: number,
  from = 0,
): Uint8Array<ArrayBuffer> {
  const copy = new Uint8Array(copiedBytes(regions, to - from));
  eachStretch(regions, from, to, (address, length, at) => copy.set(bytes.subarray(address, address + length), at));
  return copy;
}

/** The way back, for the same model. @param copy of exactly these positions */
export function copyIn(
  bytes: Uint8Array,
  regions: readonly CacheRegions[],
  copy: Uint8Array,
  to: number,
  from = 0,
): void {
  eachStretch(regions, from, to, (address, length, at) => bytes.set(copy.subarray(at, at + length), address));
}

/** The stretches as they lie in a copy of the first positions. */
export function regionsInCopy(regions: readonly CacheRegions[], positions: number): readonly CacheRegions[] {
  let address = 0;
  return regions.map((region) => {
    const step = stretchBytes(region, positions);
    const placed = { ...region, address, step };
    address += step * region.count;
    return placed;
  });
}

function eachStretch(
  regions: readonly CacheRegions[],
  from: number,
  to: number,
  visit: (address: number, length: number, at: number) => void,
): void {
  let at = 0;
  for (const region of regions) {
    const length = stretchBytes(region, to - from);
    const first = region.address + (from / region.group) * region.groupBytes;
    for (let index = 0; index < region.count; index += 1, at += length) visit(first + index * region.step, length, at);
  }
}
