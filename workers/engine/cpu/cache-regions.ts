/**
 * Where the keys and values of the first positions lie in the memory of a model (kernels/layer/cache.ts draws it): many stretches
 * of equal length, which are copied out when a conversation is left and back when it is returned to.
 */
import type { Kernels } from './kernels';

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

const stretchBytes = ({ group, groupBytes }: CacheRegions, positions: number): number =>
  Math.ceil(positions / group) * groupBytes;

/** Bytes that keys and values of so many positions take when they are copied out. */
export const copiedBytes = (regions: readonly CacheRegions[], positions: number): number =>
  regions.reduce((sum, region) => sum + region.count * stretchBytes(region, positions), 0);

/** Copies the first positions out of the memory. */
export function copyOut(
  memory: WebAssembly.Memory,
  regions: readonly CacheRegions[],
  positions: number,
): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(memory.buffer);
  const copy = new Uint8Array(copiedBytes(regions, positions));
  eachStretch(regions, positions, (from, length, at) => copy.set(bytes.subarray(from, from + length), at));
  return copy;
}

/** The way back, for the same model and window. @param copy of at least so many positions @param copied of how many it is */
export function copyIn(
  memory: WebAssembly.Memory,
  regions: readonly CacheRegions[],
  copy: Uint8Array,
  copied: number,
): void {
  const bytes = new Uint8Array(memory.buffer);
  eachStretch(regions, copied, (to, length, at) => bytes.set(copy.subarray(at, at + length), to));
}

function eachStretch(
  regions: readonly CacheRegions[],
  positions: number,
  visit: (address: number, length: number, at: number) => void,
): void {
  let at = 0;
  for (const region of regions) {
    const length = stretchBytes(region, positions);
    for (let index = 0; index < region.count; index += 1, at += length)
      visit(region.address + index * region.step, length, at);
  }
}
