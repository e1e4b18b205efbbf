/**
 * Products of matrices with all tokens of a pass, shared among threads in pieces of some groups of rows:
 *
 *   query  ├─ piece 0 ─┼─ piece 1 ─┤
 *   key                            ├─ piece 2 ─┤
 *   value                                      ├─ piece 3 ─┤       one counter for all that a step multiplies
 */
import { activationBytes } from '../matrix/activations';
import { blockOf, groupBytesOf } from '../matrix/matrix-type';
import { multiply } from '../matrix/multiply';
import { LayerField, ModelField } from '../layout';
import { address, field, number, ofLayer, rounded } from '../model';
import { take } from '../threads';

/** Bytes of a matrix that one piece reads: they stay in the first-level cache while all tokens go through them. */
const PIECE_BYTES: usize = 16384;
/** Pieces for each thread where there is one token: enough that nobody waits for long. */
const PIECES: i32 = 6;

// Several products may share a step: their pieces are counted through. Globals of a module belong to one thread.
let taken: i32 = 0;
let before: i32 = 0;

/** Begins a step of products. */
export function beginProducts(model: usize): void {
  taken = take(address(model, ModelField.Threads));
  before = 0;
}

/**
 * The part of y[token] = matrix · x[token] + bias that falls to this thread.
 * @param x floats of the tokens; blocks of them are where the step before has put them
 * @param count tokens
 * @param add where the results are added to as well, times the model's scale of residuals; 0 for nowhere
 */
export function product(
  model: usize, type: i32, w: usize, bias: usize, x: usize, columns: usize, rows: usize, count: i32, y: usize, add: usize,
): void {
  const block = blockOf(type);
  const records = block == 32 ? address(model, ModelField.Blocks32) : block == 256 ? address(model, ModelField.Blocks256) : x;
  const step = activationBytes(block, columns);
  const groupBytes = groupBytesOf(type, columns);
  const groups = ((rows + 3) >> 2) as i32;
  const size = count > 1
    ? max(1, (PIECE_BYTES / groupBytes) as i32)
    : max(1, groups / (PIECES * load<i32>(address(model, ModelField.Threads))));
  const rowBytes = rounded(rows, 4) * 4;
  const end = before + (groups + size - 1) / size;
  while (taken < end) {
    const group = (taken - before) * size;
    const some = min(size, groups - group);
    const at = (group as usize) * 16;
    multiply(type, w + (group as usize) * groupBytes, groupBytes, some, records, step, columns, count, y + at, rowBytes);
    if (bias != 0) addBias(y + at, bias + at, some, count, rowBytes);
    if (add != 0) addScaled(add + at, y + at, number(model, ModelField.ResidualScale), some, count, rowBytes);
    taken = take(address(model, ModelField.Threads));
  }
  before = end;
}

/** A product with a matrix of a layer. */
export function layerProduct(
  model: usize, layer: usize, matrix: LayerField, x: usize, columns: usize, rows: usize, y: usize, add: usize,
): void {
  const type = ofLayer(layer, matrix) as i32;
  const w = ofLayer(layer, ((matrix as i32) + 1) as LayerField), bias = ofLayer(layer, ((matrix as i32) + 2) as LayerField);
  product(model, type, w, bias, x, columns, rows, field(model, ModelField.Count), y, add);
}

function addBias(y: usize, bias: usize, groups: i32, count: i32, rowBytes: usize): void {
  for (let token = 0; token < count; token++, y += rowBytes)
    for (let at: usize = 0; at < (groups as usize) * 16; at += 16)
      v128.store(y + at, f32x4.add(v128.load(y + at), v128.load(bias + at)));
}

function addScaled(to: usize, from: usize, scale: f32, groups: i32, count: i32, rowBytes: usize): void {
  for (let token = 0; token < count; token++, to += rowBytes, from += rowBytes)
    for (let at: usize = 0; at < (groups as usize) * 16; at += 16)
      v128.store(to + at, f32x4.add(v128.load(to + at), f32x4.mul(v128.load(from + at), f32x4.splat(scale))));
}
