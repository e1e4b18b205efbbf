/**
 * A WebAssembly module that does nothing but read: `read(at, end)` loads 128 bytes a round, in eight loads of 16, and folds
 * them, so that no load can be left out. Written byte by byte, since it is smaller than any tool that would make it.
 */

/** Bytes of one round; slices must be a multiple of it. */
export const roundBytes = 128;
const loads = 8;
const loadBytes = 16;

const i32 = 0x7f;
const v128 = 0x7b;
const end = 0x0b;
const at = 0;
const limit = 1;
/** The locals behind the two parameters: each takes every fourth load, so that loads need not wait for each other. */
const folds = [2, 3, 4, 5];

/** Unsigned LEB128. */
function number(value: number): number[] {
  const low = value & 0x7f;
  return value < 0x80 ? [low] : [low | 0x80, ...number(value >>> 7)];
}

const text = (value: string): number[] => [...number(value.length), ...new TextEncoder().encode(value)];
const section = (id: number, ...content: number[]): number[] => [id, ...number(content.length), ...content];
const get = (local: number): number[] => [0x20, local];
const set = (local: number): number[] => [0x21, local];
const simd = (operation: number): number[] => [0xfd, ...number(operation)];
const load = (offset: number): number[] => [...simd(0x00), 4, ...number(offset)];
const xor = simd(0x51);

function body(): number[] {
  const code: number[] = [1, ...number(folds.length), v128, 0x03, 0x40];
  for (let index = 0; index < loads; index += 1) {
    const fold = folds[index % folds.length] ?? 2;
    code.push(...get(fold), ...get(at), ...load(index * loadBytes), ...xor, ...set(fold));
  }
  // at += 128; again while at < limit
  code.push(...get(at), 0x41, ...number(roundBytes), 0x6a, 0x22, at, ...get(limit), 0x49, 0x0d, 0, end);
  code.push(...get(2), ...get(3), ...xor, ...get(4), ...xor, ...get(5), ...xor, ...simd(0x1b), 0, end);
  return code;
}

/** @param shared whether the memory it will be given is shared */
export function readModule(shared: boolean): Uint8Array<ArrayBuffer> {
  const code = body();
  const limits = [shared ? 0x03 : 0x01, ...number(1), ...number(65_536)];
  return new Uint8Array([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, 1, 0x60, 2, i32, i32, 1, i32),
    ...section(2, 1, ...text('env'), ...text('memory'), 0x02, ...limits),
    ...section(3, 1, 0),
    ...section(7, 1, ...text('read'), 0x00, 0),
    ...section(10, 1, ...number(code.length), ...code),
  ]);
}
