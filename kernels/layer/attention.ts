/**
 * Attention (Vaswani et al. 2017) with grouped heads (Ainslie et al. 2023): softmax(q · Kᵀ · scale) · V, for up to four query
 * heads at a time that look at the same keys. Two products with matrices, and a softmax between them:
 *
 *   queries  [row][length]     × keys   [position][length]   =  scores [row][position]
 *   shares   [row][position]   × values [number][position]   =  out    [row][length]
 *
 * All positions of four rows of scores stay in the second-level cache: 4 × 16 kB at 4,096 positions.
 *
 * Scratch of a thread:   scores, TILE × capacity × f32  ·  shares in bytes, TILE records of blocks of 32
 */
import { exponential, hyperbolicTangent } from '../arithmetic/exponential';
import { largestLane, sumOfLanes } from '../arithmetic/lanes';
import { activationBytes, quantize } from '../matrix/activations';
import { MatrixType } from '../matrix/matrix-type';
import { multiply, TILE } from '../matrix/multiply';
import { rounded } from '../model';
import { keyGroupBytes, valueGroupBytes } from './cache';

/** Memory that one thread needs, in bytes, with a row of results for each of a tile. */
export function attentionScratchBytes(capacity: usize, length: usize): usize {
  return (TILE as usize) * (capacity * 4 + activationBytes(32, capacity) + length * 4);
}

/**
 * @param rows query heads, up to four
 * @param queries their records, `queryStep` bytes apart: blocks of 32 or floats, by the form of the cache
 * @param keys, values, valueScales of the kv head that they share
 * @param limits for each row how many positions it sees, as u32
 * @param window positions to look back to; 0 for all
 * @param out `length` floats for each row
 */
export function attend(
  byteCache: bool, rows: i32, queries: usize, queryStep: usize, keys: usize, values: usize, valueScales: usize,
  length: usize, capacity: usize, limits: usize, window: i32, scale: f32, softLimit: f32, scratch: usize, out: usize,
): void {
  let positions: usize = 0;
  for (let r = 0; r < rows; r++) positions = max(positions, load<u32>(limits + r * 4) as usize);
  const columns = rounded(positions, 32);
  const scores = scratch;
  const scoreStep = capacity * 4;
  const records = scores + (TILE as usize) * scoreStep;
  const recordStep = activationBytes(32, columns);
  const keyType = byteCache ? MatrixType.Q8_0 : MatrixType.F32;
  multiply(
    keyType, keys, keyGroupBytes(byteCache, length), ((positions + 3) >> 2) as i32, queries, queryStep, length, rows, scores, scoreStep,
  );
  for (let r: usize = 0; r < (rows as usize); r++) {
    const limit = load<u32>(limits + r * 4) as usize;
    const first = window > 0 && limit > (window as usize) ? limit - (window as usize) : 0;
    const row = scores + r * scoreStep;
    softmax(row, first, limit, columns, scale, softLimit);
    if (byteCache) {
      for (let p: usize = 0; p < columns; p += 4)
        v128.store(row + p * 4, f32x4.mul(v128.load(row + p * 4), v128.load(valueScales + p * 4)));
      quantize(32, row, records + r * recordStep, columns);
    }
  }
  const valueType = byteCache ? MatrixType.Bytes : MatrixType.F32;
  const left = byteCache ? records : scores;
  const leftStep = byteCache ? recordStep : scoreStep;
  multiply(valueType, values, valueGroupBytes(byteCache, capacity), (length >> 2) as i32, left, leftStep, columns, rows, out, length * 4);
}

/** Turns scores into shares that add up to one, in place; what is not seen gets none. */
function softmax(row: usize, first: usize, limit: usize, columns: usize, scale: f32, softLimit: f32): void {
  const end = row + columns * 4;
  const factor = f32x4.splat(scale);
  for (let at = row; at < end; at += 16) v128.store(at, f32x4.mul(v128.load(at), factor));
  if (softLimit > 0) {
    const most = f32x4.splat(softLimit);
    for (let at = row; at < end; at += 16)
      v128.store(at, f32x4.mul(hyperbolicTangent(f32x4.div(v128.load(at), most)), most));
  }
  fillUnseen(row, first, limit, columns, -Infinity);
  let largest = f32x4.splat(-Infinity);
  for (let at = row; at < end; at += 16) largest = f32x4.max(largest, v128.load(at));
  const most = f32x4.splat(largestLane(largest));
  let sum = f32x4.splat(0);
  for (let at = row; at < end; at += 16) {
    const share = exponential(f32x4.sub(v128.load(at), most));
    v128.store(at, share);
    sum = f32x4.add(sum, share);
  }
  const inverse = f32x4.splat(<f32>1 / sumOfLanes(sum));
  for (let at = row; at < end; at += 16) v128.store(at, f32x4.mul(v128.load(at), inverse));
  fillUnseen(row, first, limit, columns, 0);
}

@inline
function fillUnseen(row: usize, first: usize, limit: usize, columns: usize, value: f32): void {
  for (let p: usize = 0; p < first; p++) store<f32>(row + p * 4, value);
  for (let p = limit; p < columns; p++) store<f32>(row + p * 4, value);
}
