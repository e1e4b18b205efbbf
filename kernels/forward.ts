/**
 * One pass of some tokens through some layers, by all threads. Each step is a loop over pieces of work that whoever is free
 * takes, and ends where all meet (see threads.ts). What one step writes the next one reads, so no step needs a lock.
 *
 *   residual ─┬─ norm ─ query, key, value ─ heads ─ attention ─ output ─ (norm) ─┐
 *             └──────────────────────────────────────────────────────────────── + ─ residual
 *   residual ─┬─ norm ─ gate, up ─ activation(gate) · up ─ down ─ (norm) ─┐
 *             └───────────────────────────────────────────────────────── + ─ residual
 *
 * A transformer whose parts have their norm before them, as Llama (Touvron et al. 2023). The norms in brackets are Gemma's; where they
 * are missing, the products add to the residual stream themselves.
 */
import { gelu, silu } from './arithmetic/exponential';
import { formOf, quantizeToken } from './layer/forms';
import { attendAll, placeHeads } from './layer/heads';
import { toLogits } from './layer/logits';
import { rmsNorm } from './layer/norm';
import { beginProducts, layerProduct } from './layer/products';
import { ropeTable } from './layer/rope';
import { LayerField, ModelField } from './layout';
import { readRow } from './matrix/matrix-type';
import { address, field, layerAt, number, ofLayer } from './model';
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

  normalize(model, LayerField.AttentionNorm, layer, 0, formOf(layer, LayerField.Query) | formOf(layer, LayerField.Key) | formOf(layer, LayerField.Value));
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
  activate(model, attended, queryWidth, formOf(layer, LayerField.Output));
  if (!meet(threads)) return false;

  const afterAttention = ofLayer(layer, LayerField.PostAttentionNorm);
  beginProducts(model);
  layerProduct(model, layer, LayerField.Output, attended, queryWidth, width, added, afterAttention == 0 ? residual : 0);
  if (!meet(threads)) return false;

  normalize(model, LayerField.FeedForwardNorm, layer, afterAttention, formOf(layer, LayerField.Gate) | formOf(layer, LayerField.Up));
  if (!meet(threads)) return false;

  beginProducts(model);
  layerProduct(model, layer, LayerField.Gate, normed, width, hidden, gate, 0);
  layerProduct(model, layer, LayerField.Up, normed, width, hidden, address(model, ModelField.Up), 0);
  if (!meet(threads)) return false;

  combine(model, formOf(layer, LayerField.Down));
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
