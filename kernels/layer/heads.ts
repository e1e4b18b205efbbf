/**
 * From the products of a layer's first three matrices to attention, and back to one row for each token:
 *
 *   query    [token][head][length]      → norm, rotation →   records [kv head][token][repeat]      [length, gate] where heads are gated
 *   key      [token][kv head][length]   → norm, rotation →   the cache, at the token's position
 *   value    [token][kv head][length]                    →   the cache
 *
 *   records of a kv head, four rows at a time, with its keys and values   →   attended [token][head][length]
 *
 * `repeat` counts the query heads that share a kv head. They are neighbors in the records, so that a tile of four rows reads the
 * same keys even where the pass has one token.
 */
import { LayerField, ModelField } from '../layout';
import { activationBytes, quantize } from '../matrix/activations';
import { TILE } from '../matrix/multiply';
import { address, field, number, ofLayer } from '../model';
import { take } from '../threads';
import { attend } from './attention';
import { keepKey, keepValue, keyGroupBytes, valueGroupBytes } from './cache';
import { rmsNorm } from './norm';
import { rotate } from './rope';

/** Norms and turns each head; keys and values go into the cache, queries become records in the order of [kv head][token][repeat]. */
export function placeHeads(model: usize, layer: usize): void {
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
  const step = field(model, ModelField.GatedAttention) != 0 ? length * 8 : length * 4;
  const at = address(model, ModelField.Query) + ((token * heads + head) as usize) * step;
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
export function attendAll(model: usize, layer: usize, thread: i32): void {
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
