/**
 * Linear attention by a gated delta net (Yang, Kautz and Hatamizadeh 2024, "Gated Delta Networks"), as in Qwen 3.5: instead of the
 * keys and values of all positions, each head keeps one matrix, which every token changes a little.
 *
 *            ┌─ mixed ── convolution, SiLU ── queries, keys, values ──┐
 *   norm ────┼─ beta, decay ── one number of each for each head ──────┴─ delta rule ── norm · SiLU(gate) ── output ── + residual
 *            └─ gate ───────────────────────────────────────────────────────────────────────┘
 *
 *   mixed    [token][channel]   the channels are heads:  queries of all key heads │ keys of all key heads │ values of all value heads
 *
 * What a layer remembers has the same size however long a text is. It is read from one place and written to another, so that a pass
 * that was stopped half-way has changed nothing (StateFrom and StateTo in layout.ts), and lies there as
 *
 *   [tap − 1][channel]  the last tokens before the pass, for the convolution  │  [value head] a matrix (see delta-rule.ts)
 */
import { silu } from '../../arithmetic/exponential';
import { LayerField, ModelField } from '../../layout';
import { address, field, number, ofLayer, rounded } from '../../model';
import { meet, take } from '../../threads';
import { formOf, quantizeToken } from '../forms';
import { rmsNorm } from '../norm';
import { beginProducts, layerProduct } from '../products';
import { normalize } from '../stream';
import { convolve } from './convolution';
import { deltaRule, DELTA_COLUMNS } from './delta-rule';
import { toGates } from './gates';
import { unitLength } from './unit-length';

export function throughDelta(model: usize, layer: usize): bool {
  const threads = address(model, ModelField.Threads);
  const width = field(model, ModelField.Width) as usize, length = field(model, ModelField.DeltaLength) as usize;
  const keyHeads = field(model, ModelField.DeltaKeyHeads) as usize, valueHeads = field(model, ModelField.DeltaValueHeads) as usize;
  const normed = address(model, ModelField.Normed), attended = address(model, ModelField.Attended);
  const values = valueHeads * length;

  normalize(
    model, LayerField.AttentionNorm, layer, 0,
    formOf(layer, LayerField.Mixed) | formOf(layer, LayerField.MixedGate) | formOf(layer, LayerField.Beta) | formOf(layer, LayerField.Decay),
  );
  if (!meet(threads)) return false;

  beginProducts(model);
  layerProduct(model, layer, LayerField.Mixed, normed, width, 2 * keyHeads * length + values, address(model, ModelField.Mixed), 0);
  layerProduct(model, layer, LayerField.MixedGate, normed, width, values, address(model, ModelField.MixedGate), 0);
  layerProduct(model, layer, LayerField.Beta, normed, width, valueHeads, address(model, ModelField.Beta), 0);
  layerProduct(model, layer, LayerField.Decay, normed, width, valueHeads, address(model, ModelField.Decay), 0);
  if (!meet(threads)) return false;

  prepareHeads(model, layer);
  if (!meet(threads)) return false;
  throughTime(model, layer);
  if (!meet(threads)) return false;
  finish(model, layer);
  if (!meet(threads)) return false;

  beginProducts(model);
  layerProduct(model, layer, LayerField.Output, attended, values, width, address(model, ModelField.Added), address(model, ModelField.Residual));
  return meet(threads);
}

/** Pieces are heads of queries, of keys and of values, each with all tokens; and behind them tokens, for their gates. */
function prepareHeads(model: usize, layer: usize): void {
  const threads = address(model, ModelField.Threads);
  const keyHeads = field(model, ModelField.DeltaKeyHeads), valueHeads = field(model, ModelField.DeltaValueHeads);
  const length = field(model, ModelField.DeltaLength) as usize, taps = field(model, ModelField.DeltaTaps);
  const count = field(model, ModelField.Count), heads = 2 * keyHeads + valueHeads;
  const rowBytes = (heads as usize) * length * 4;
  const state = ofLayer(layer, LayerField.State);
  for (let piece = take(threads); piece < heads + count; piece = take(threads)) {
    if (piece >= heads) {
      const at = ((piece - heads) as usize) * rounded(valueHeads, 4) * 4;
      toGates(address(model, ModelField.Beta) + at, address(model, ModelField.Decay) + at, ofLayer(layer, LayerField.DecayRate), valueHeads as usize);
      continue;
    }
    const at = (piece as usize) * length * 4;
    const before = address(model, ModelField.StateFrom) + state + at, behind = address(model, ModelField.StateTo) + state + at;
    // Nothing is before the first token.
    if (field(model, ModelField.Position) == 0)
      for (let tap = 0; tap < taps - 1; tap++) memory.fill(before + (tap as usize) * rowBytes, 0, length * 4);
    const head = address(model, ModelField.Mixed) + at;
    convolve(head, count, ofLayer(layer, LayerField.Convolution) + at, taps, before, behind, length, rowBytes);
    if (piece >= 2 * keyHeads) continue;
    const scale: f32 = piece < keyHeads ? 1 / sqrt<f32>(length as f32) : 1;
    for (let token: usize = 0; token < (count as usize); token++)
      unitLength(head + token * rowBytes, length, number(model, ModelField.Epsilon), scale);
  }
}

/** Pieces are some columns of the matrix of one value head, through all tokens of the pass: they stay in the first-level cache. */
function throughTime(model: usize, layer: usize): void {
  const threads = address(model, ModelField.Threads);
  const keyHeads = field(model, ModelField.DeltaKeyHeads) as usize, valueHeads = field(model, ModelField.DeltaValueHeads) as usize;
  const length = field(model, ModelField.DeltaLength) as usize, taps = field(model, ModelField.DeltaTaps) as usize;
  const blocks = length / DELTA_COLUMNS, blockBytes = length * DELTA_COLUMNS * 4;
  const rowBytes = (2 * keyHeads + valueHeads) * length * 4, gateBytes = rounded(valueHeads, 4) * 4;
  const state = ofLayer(layer, LayerField.State) + (taps - 1) * rowBytes;
  const mixed = address(model, ModelField.Mixed);
  for (let piece = take(threads) as usize; piece < valueHeads * blocks; piece = take(threads) as usize) {
    const head = piece / blocks, column = (piece % blocks) * DELTA_COLUMNS;
    // Several heads of values share queries and keys: those that lie `keyHeads` apart, as files of Qwen 3.5 have them.
    const query = mixed + (head % keyHeads) * length * 4;
    const from = address(model, ModelField.StateFrom) + state + piece * blockBytes;
    if (field(model, ModelField.Position) == 0) memory.fill(from, 0, blockBytes);
    const at = (head * length + column) * 4;
    deltaRule(
      field(model, ModelField.Count), query, query + keyHeads * length * 4, mixed + 2 * keyHeads * length * 4 + at, rowBytes, length,
      address(model, ModelField.Decay) + head * 4, address(model, ModelField.Beta) + head * 4, gateBytes,
      from, address(model, ModelField.StateTo) + state + piece * blockBytes,
      address(model, ModelField.Attended) + at, valueHeads * length * 4,
    );
  }
}

/** Norms each head, and gates it: in the form that the output matrix wants. */
function finish(model: usize, layer: usize): void {
  const threads = address(model, ModelField.Threads);
  const length = field(model, ModelField.DeltaLength) as usize, values = (field(model, ModelField.DeltaValueHeads) as usize) * length;
  const count = field(model, ModelField.Count);
  for (let token = take(threads); token < count; token = take(threads)) {
    const row = address(model, ModelField.Attended) + (token as usize) * values * 4;
    const gate = address(model, ModelField.MixedGate) + (token as usize) * values * 4;
    for (let at: usize = 0; at < values * 4; at += length * 4)
      rmsNorm(row + at, ofLayer(layer, LayerField.StateNorm), row + at, length, number(model, ModelField.Epsilon));
    for (let at: usize = 0; at < values * 4; at += 16)
      v128.store(row + at, f32x4.mul(v128.load(row + at), silu(v128.load(gate + at))));
    quantizeToken(model, row, token, values, formOf(layer, LayerField.Output));
  }
}
