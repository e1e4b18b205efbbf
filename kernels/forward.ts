/**
 * One pass of some tokens through some layers, by all threads. Each step is a loop over pieces of work that whoever is free
 * takes, and ends where all meet (see threads.ts). What one step writes the next one reads, so no step needs a lock.
 */
import { gelu, hyperbolicTangent, silu } from './arithmetic/exponential';
import { attend } from './layer/attention';
import { keepKey, keepValue, keyGroupBytes, valueGroupBytes } from './layer/cache';
import { rmsNorm } from './layer/norm';
import { beginProducts, layerProduct, product } from './layer/products';
import { ropeTable, rotate } from './layer/rope';
import { LayerField, ModelField } from './layout';
import { activationBytes, quantize } from './matrix/activations';
import { blockOf, readRow } from './matrix/matrix-type';
import { TILE } from './matrix/multiply';
import { address, field, layerAt, number, ofLayer, rounded } from './model';
import { awaitCall, callThreads, giveUp, isWhole, meet, take } from './threads';

/** The pass that the model's fields describe, called by the first thread. @returns false when another thread has died */
export function pass(model: usize): bool {
  if (!isWhole(address(model, ModelField.Threads))) return false;
  callThreads(address(model, ModelField.Threads));
  return work(model, 0);
}

/** What every other thread does for all its life. */
export function serve(model: usize, thread: i32): void {
  let seen = 0;
  for (;;) {
    seen = awaitCall(address(model, ModelField.Threads), seen);
    if (!work(model, thread)) return;
  }
}

/** What a thread says that can go on no more: the others would wait for it. */
export function abandon(model: usize): void {
  giveUp(address(model, ModelField.Threads));
}

function work(model: usize, thread: i32): bool {
  // All of the job is read before the last step: as soon as that is over, the first thread may write the next one.
  const from = field(model, ModelField.FromLayer), to = field(model, ModelField.ToLayer);
  const wantsLogits = to == field(model, ModelField.Layers) && field(model, ModelField.LogitCount) > 0;
  if (from == 0 && !embed(model)) return false;
  for (let index = from; index < to; index++) if (!throughLayer(model, layerAt(model, index), thread)) return false;
  return wantsLogits ? toLogits(model) : true;
}

/** Looks up the tokens, and makes the tables of their positions. */
function embed(model: usize): bool {
  const threads = address(model, ModelField.Threads);
  const width = field(model, ModelField.Width) as usize;
  const count = field(model, ModelField.Count);
  const scale = number(model, ModelField.EmbeddingScale);
  for (let token = take(threads); token < count; token = take(threads)) {
    const id = load<u32>(address(model, ModelField.Tokens) + (token as usize) * 4) as usize;
    const to = address(model, ModelField.Residual) + (token as usize) * width * 4;
    readRow(field(model, ModelField.Embedding), address(model, ModelField.EmbeddingAddress), width, id, to);
    if (scale != 1) for (let at = to; at < to + width * 4; at += 16) v128.store(at, f32x4.mul(v128.load(at), f32x4.splat(scale)));
    makeTables(model, token);
  }
  return meet(threads);
}

/** Two tables for each token: models with local layers turn those by another base. */
function makeTables(model: usize, token: i32): void {
  const length = field(model, ModelField.RopeLength) as usize;
  const tables = address(model, ModelField.RopeTables) + (token as usize) * length * 8;
  const position = field(model, ModelField.Position) + token;
  ropeTable(position, load<f64>(model + (ModelField.RopeBase as usize) * 4), length, address(model, ModelField.RopeFactors), tables);
  const local = load<f64>(model + (ModelField.LocalRopeBase as usize) * 4);
  if (local > 0) ropeTable(position, local, length, 0, tables + length * 4);
}

function throughLayer(model: usize, layer: usize, thread: i32): bool {
  const threads = address(model, ModelField.Threads);
  const width = field(model, ModelField.Width) as usize, hidden = field(model, ModelField.FeedForward) as usize;
  const length = field(model, ModelField.HeadLength) as usize;
  const queryWidth = (field(model, ModelField.Heads) as usize) * length, kvWidth = (field(model, ModelField.KvHeads) as usize) * length;
  const normed = address(model, ModelField.Normed), attended = address(model, ModelField.Attended);
  const added = address(model, ModelField.Added), residual = address(model, ModelField.Residual);
  const gate = address(model, ModelField.Gate);

  normalize(model, LayerField.AttentionNorm, layer, 0, blocks(layer, LayerField.Query) | blocks(layer, LayerField.Key) | blocks(layer, LayerField.Value));
  if (!meet(threads)) return false;

  beginProducts(model);
  layerProduct(model, layer, LayerField.Query, normed, width, queryWidth, address(model, ModelField.Query), 0);
  layerProduct(model, layer, LayerField.Key, normed, width, kvWidth, address(model, ModelField.Key), 0);
  layerProduct(model, layer, LayerField.Value, normed, width, kvWidth, address(model, ModelField.Value), 0);
  if (!meet(threads)) return false;

  placeHeads(model, layer);
  if (!meet(threads)) return false;
  attendAll(model, layer, thread);
  if (!meet(threads)) return false;
  activate(model, attended, queryWidth, blocks(layer, LayerField.Output));
  if (!meet(threads)) return false;

  const afterAttention = ofLayer(layer, LayerField.PostAttentionNorm);
  beginProducts(model);
  layerProduct(model, layer, LayerField.Output, attended, queryWidth, width, added, afterAttention == 0 ? residual : 0);
  if (!meet(threads)) return false;

  normalize(model, LayerField.FeedForwardNorm, layer, afterAttention, blocks(layer, LayerField.Gate) | blocks(layer, LayerField.Up));
  if (!meet(threads)) return false;

  beginProducts(model);
  layerProduct(model, layer, LayerField.Gate, normed, width, hidden, gate, 0);
  layerProduct(model, layer, LayerField.Up, normed, width, hidden, address(model, ModelField.Up), 0);
  if (!meet(threads)) return false;

  combine(model, blocks(layer, LayerField.Down));
  if (!meet(threads)) return false;

  const afterFeedForward = ofLayer(layer, LayerField.PostFeedForwardNorm);
  beginProducts(model);
  layerProduct(model, layer, LayerField.Down, gate, hidden, width, added, afterFeedForward == 0 ? residual : 0);
  if (!meet(threads)) return false;
  if (afterFeedForward == 0) return true;

  const count = field(model, ModelField.Count);
  for (let token = take(threads); token < count; token = take(threads)) addNormed(model, token, afterFeedForward);
  return meet(threads);
}

/** The kinds of blocks that a matrix wants, as bits: 1 for blocks of 32, 2 for blocks of 256. */
@inline
function blocks(layer: usize, matrix: LayerField): i32 {
  return bitOf(blockOf(ofLayer(layer, matrix) as i32));
}

@inline
function bitOf(block: i32): i32 {
  return block == 32 ? 1 : block == 256 ? 2 : 0;
}

/**
 * Norms each token, and brings it into the forms that the next matrices want.
 * @param pending the norm of what is still to be added to the residual stream; 0 for nothing
 */
function normalize(model: usize, norm: LayerField, layer: usize, pending: usize, wanted: i32): void {
  const threads = address(model, ModelField.Threads);
  const width = field(model, ModelField.Width) as usize;
  const count = field(model, ModelField.Count);
  for (let token = take(threads); token < count; token = take(threads)) {
    if (pending != 0) addNormed(model, token, pending);
    const at = (token as usize) * width * 4;
    const normed = address(model, ModelField.Normed) + at;
    rmsNorm(address(model, ModelField.Residual) + at, ofLayer(layer, norm), normed, width, number(model, ModelField.Epsilon));
    quantizeToken(model, normed, token, width, wanted);
  }
}

/** Adds what a layer has come to after a norm of its own (Gemma 2 and 3). */
function addNormed(model: usize, token: i32, norm: usize): void {
  const width = field(model, ModelField.Width) as usize;
  const added = address(model, ModelField.Added) + (token as usize) * width * 4;
  const residual = address(model, ModelField.Residual) + (token as usize) * width * 4;
  rmsNorm(added, norm, added, width, number(model, ModelField.Epsilon));
  const scale = f32x4.splat(number(model, ModelField.ResidualScale));
  for (let at: usize = 0; at < width * 4; at += 16)
    v128.store(residual + at, f32x4.add(v128.load(residual + at), f32x4.mul(v128.load(added + at), scale)));
}

/** Brings tokens that are floats into the forms that the next matrix wants. */
function activate(model: usize, x: usize, columns: usize, wanted: i32): void {
  const threads = address(model, ModelField.Threads);
  const count = field(model, ModelField.Count);
  for (let token = take(threads); token < count; token = take(threads))
    quantizeToken(model, x + (token as usize) * columns * 4, token, columns, wanted);
}

function quantizeToken(model: usize, values: usize, token: i32, columns: usize, wanted: i32): void {
  if (wanted & 1) quantize(32, values, address(model, ModelField.Blocks32) + (token as usize) * activationBytes(32, columns), columns);
  if (wanted & 2) quantize(256, values, address(model, ModelField.Blocks256) + (token as usize) * activationBytes(256, columns), columns);
}

/** Norms and turns each head; keys and values go into the cache, queries become records in the order of [kv head][token][repeat]. */
function placeHeads(model: usize, layer: usize): void {
  const threads = address(model, ModelField.Threads);
  const heads = field(model, ModelField.Heads), kvHeads = field(model, ModelField.KvHeads);
  const each = heads + 2 * kvHeads;
  const end = field(model, ModelField.Count) * each;
  for (let piece = take(threads); piece < end; piece = take(threads)) {
    const token = piece / each, head = piece % each;
    if (head < heads) placeQuery(model, layer, token, head);
    else if (head < heads + kvHeads) placeKey(model, layer, token, head - heads);
    else placeValue(model, layer, token, head - heads - kvHeads);
  }
}

/** Norms a head where the model does so (Qwen 3), and turns it. */
function turned(model: usize, layer: usize, norm: LayerField, head: usize, token: i32): void {
  const length = field(model, ModelField.HeadLength) as usize, ropeLength = field(model, ModelField.RopeLength) as usize;
  const weight = ofLayer(layer, norm);
  if (weight != 0) rmsNorm(head, weight, head, length, number(model, ModelField.Epsilon));
  const isLocal = ofLayer(layer, LayerField.Window) != 0 && load<f64>(model + (ModelField.LocalRopeBase as usize) * 4) > 0;
  const table = address(model, ModelField.RopeTables) + (token as usize) * ropeLength * 8 + (isLocal ? ropeLength * 4 : 0);
  rotate(head, table, ropeLength, field(model, ModelField.RopeNeighbors) != 0);
}

function placeQuery(model: usize, layer: usize, token: i32, head: i32): void {
  const length = field(model, ModelField.HeadLength) as usize, heads = field(model, ModelField.Heads);
  const repeats = heads / field(model, ModelField.KvHeads);
  const at = address(model, ModelField.Query) + ((token * heads + head) as usize) * length * 4;
  turned(model, layer, LayerField.QueryNorm, at, token);
  const row = ((head / repeats) * field(model, ModelField.Count) + token) * repeats + (head % repeats);
  const isByte = field(model, ModelField.ByteCache) != 0;
  const record = address(model, ModelField.QueryRecords) + (row as usize) * activationBytes(isByte ? 32 : 1, length);
  if (isByte) quantize(32, at, record, length);
  else memory.copy(record, at, length * 4);
}

function placeKey(model: usize, layer: usize, token: i32, head: i32): void {
  const length = field(model, ModelField.HeadLength) as usize, capacity = field(model, ModelField.Capacity) as usize;
  const isByte = field(model, ModelField.ByteCache) != 0;
  const at = address(model, ModelField.Key) + ((token * field(model, ModelField.KvHeads) + head) as usize) * length * 4;
  turned(model, layer, LayerField.KeyNorm, at, token);
  const keys = ofLayer(layer, LayerField.KeyCache) + (head as usize) * (capacity >> 2) * keyGroupBytes(isByte, length);
  keepKey(isByte, at, length, keys, (field(model, ModelField.Position) + token) as usize);
}

function placeValue(model: usize, layer: usize, token: i32, head: i32): void {
  const length = field(model, ModelField.HeadLength) as usize, capacity = field(model, ModelField.Capacity) as usize;
  const isByte = field(model, ModelField.ByteCache) != 0;
  const at = address(model, ModelField.Value) + ((token * field(model, ModelField.KvHeads) + head) as usize) * length * 4;
  const values = ofLayer(layer, LayerField.ValueCache) + (head as usize) * (length >> 2) * valueGroupBytes(isByte, capacity);
  const scales = ofLayer(layer, LayerField.ValueScales) + (head as usize) * capacity * 4;
  keepValue(isByte, at, length, values, scales, capacity, (field(model, ModelField.Position) + token) as usize);
}

/** Pieces are tiles of rows that look at the same keys: the repeats of a token, and those of its neighbors. */
function attendAll(model: usize, layer: usize, thread: i32): void {
  const threads = address(model, ModelField.Threads);
  const length = field(model, ModelField.HeadLength) as usize, capacity = field(model, ModelField.Capacity) as usize;
  const heads = field(model, ModelField.Heads), kvHeads = field(model, ModelField.KvHeads);
  const repeats = heads / kvHeads;
  const rows = field(model, ModelField.Count) * repeats;
  const tiles = (rows + TILE - 1) / TILE;
  const isByte = field(model, ModelField.ByteCache) != 0;
  const recordBytes = activationBytes(isByte ? 32 : 1, length);
  const scratch = address(model, ModelField.Scratch) + (thread as usize) * address(model, ModelField.ScratchBytes);
  const limits = scratch, out = scratch + 16, rest = out + (TILE as usize) * length * 4;
  for (let piece = take(threads); piece < tiles * kvHeads; piece = take(threads)) {
    const head = piece / tiles, first = (piece % tiles) * TILE;
    const some = min(TILE, rows - first);
    for (let r = 0; r < some; r++)
      store<u32>(limits + (r as usize) * 4, field(model, ModelField.Position) + (first + r) / repeats + 1);
    attend(
      isByte, some, address(model, ModelField.QueryRecords) + ((head * rows + first) as usize) * recordBytes, recordBytes,
      ofLayer(layer, LayerField.KeyCache) + (head as usize) * (capacity >> 2) * keyGroupBytes(isByte, length),
      ofLayer(layer, LayerField.ValueCache) + (head as usize) * (length >> 2) * valueGroupBytes(isByte, capacity),
      ofLayer(layer, LayerField.ValueScales) + (head as usize) * capacity * 4,
      length, capacity, limits, ofLayer(layer, LayerField.Window) as i32,
      number(model, ModelField.ScoreScale), number(model, ModelField.ScoreLimit), rest, out,
    );
    for (let r = 0; r < some; r++) {
      const token = (first + r) / repeats, query = head * repeats + ((first + r) % repeats);
      const to = address(model, ModelField.Attended) + ((token * heads + query) as usize) * length * 4;
      memory.copy(to, out + (r as usize) * length * 4, length * 4);
    }
  }
}

/** SwiGLU (Shazeer 2020): activation(gate) · up, in the form that the last matrix wants. */
function combine(model: usize, wanted: i32): void {
  const threads = address(model, ModelField.Threads);
  const hidden = field(model, ModelField.FeedForward) as usize;
  const count = field(model, ModelField.Count);
  const isGelu = field(model, ModelField.Activation) != 0;
  for (let token = take(threads); token < count; token = take(threads)) {
    const gate = address(model, ModelField.Gate) + (token as usize) * hidden * 4;
    const up = address(model, ModelField.Up) + (token as usize) * hidden * 4;
    for (let at: usize = 0; at < hidden * 4; at += 16) {
      const x = v128.load(gate + at);
      v128.store(gate + at, f32x4.mul(isGelu ? gelu(x) : silu(x), v128.load(up + at)));
    }
    quantizeToken(model, gate, token, hidden, wanted);
  }
}

/** The last tokens of the pass: their logits, one row for each. */
function toLogits(model: usize): bool {
  const threads = address(model, ModelField.Threads);
  const width = field(model, ModelField.Width) as usize, vocabulary = field(model, ModelField.Vocabulary) as usize;
  const wanted = field(model, ModelField.LogitCount), first = field(model, ModelField.Count) - wanted;
  const type = field(model, ModelField.Output);
  const normed = address(model, ModelField.Normed), logits = address(model, ModelField.Logits);
  for (let token = take(threads); token < wanted; token = take(threads)) {
    const from = address(model, ModelField.Residual) + ((first + token) as usize) * width * 4;
    const to = normed + (token as usize) * width * 4;
    rmsNorm(from, address(model, ModelField.OutputNorm), to, width, number(model, ModelField.Epsilon));
    quantizeToken(model, to, token, width, bitOf(blockOf(type)));
  }
  if (!meet(threads)) return false;
  beginProducts(model);
  product(model, type, address(model, ModelField.OutputAddress), address(model, ModelField.OutputBias), normed, width, vocabulary, wanted, logits, 0);
  if (!meet(threads)) return false;
  const scale = number(model, ModelField.LogitScale), limit = number(model, ModelField.LogitLimit);
  if (scale == 1 && limit == 0) return true;
  const bytes = rounded(vocabulary, 4) * 4 * (wanted as usize);
  for (let piece = take(threads) as usize; piece * LOGIT_PIECE < bytes; piece = take(threads) as usize)
    moderate(logits + piece * LOGIT_PIECE, min(LOGIT_PIECE, bytes - piece * LOGIT_PIECE), scale, limit);
  return meet(threads);
}

/** Bytes of logits that one thread scales at a time. */
const LOGIT_PIECE: usize = 65536;

/** Scales logits, and keeps them within a soft limit (Gemma 2). */
function moderate(logits: usize, bytes: usize, scale: f32, limit: f32): void {
  const most = f32x4.splat(limit);
  for (let at = logits; at < logits + bytes; at += 16) {
    let x = f32x4.mul(v128.load(at), f32x4.splat(scale));
    if (limit > 0) x = f32x4.mul(hyperbolicTangent(f32x4.div(x, most)), most);
    v128.store(at, x);
  }
}
