/** What kernels/index.ts exports. Addresses and counts are 32-bit numbers; lengths are in numbers, sizes in bytes. */
export interface Kernels {
  pass(model: number): number;
  serve(model: number, thread: number): void;
  abandon(model: number): void;
  attentionScratchBytes(capacity: number, length: number): number;
  keyCacheBytes(byteCache: number, kvHeads: number, length: number, capacity: number): number;
  valueCacheBytes(byteCache: number, kvHeads: number, length: number, capacity: number): number;
  activationBytes(block: number, columns: number): number;
  quantize(block: number, values: number, record: number, columns: number): void;
  blockOf(type: number): number;
  fileBytesOf(type: number, columns: number): number;
  groupBytesOf(type: number, columns: number): number;
  packRows(type: number, columns: number, from: number, groups: number, to: number): void;
  readRow(type: number, matrix: number, columns: number, row: number, to: number): void;
  multiply(
    type: number,
    w: number,
    groupBytes: number,
    groups: number,
    x: number,
    xStep: number,
    columns: number,
    tokens: number,
    y: number,
    yStep: number,
  ): void;
}
