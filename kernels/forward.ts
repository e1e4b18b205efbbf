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
 * are missing, the products add to the residual stream themselves. Some layers of Qwen 3.5 have linear attention in place of the
 * first row (layer/delta/); its others gate what attention comes to.
 */
import { gelu, silu } from './arithmetic/exponential';
import { throughDelta } from './layer/delta/delta-layer';
import { formOf, quantizeToken } from './layer/forms';
import { gateHeads } from './layer/gated-heads';
import { attendAll, placeHeads } from './layer/heads';
import { toLogits } from './layer/logits';
import { beginProducts, layerProduct } from './layer/products';
import { ropeTable } from './layer/rope';
import { activate, addNormed, normalize } from './layer/stream';
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

/** A layer: one of two kinds of attention, and the feed-forward part that both have. */
function throughLayer(model: usize, layer: usize, thread: i32): bool {
  const attended = ofLayer(layer, LayerField.IsDelta) != 0 ? throughDelta(model, layer) : throughAttention(model, layer, thread);
  return attended && feedForward(model, layer);
}

function throughAttention(model: usize, layer: usize, thread: i32): bool {
  const threads = address(model, ModelField.Threads);
  const width = field(model, ModelField.Width) as usize, length = field(model, ModelField.HeadLength) as usize;
  const queryWidth = (field(model, ModelField.Heads) as usize) * length, kvWidth = (field(model, ModelField.KvHeads) as usize) * length;
  const normed = address(model, ModelField.Normed), attended = address(model, ModelField.Attended);
  const isGated = field(model, ModelField.GatedAttention) != 0;

  normalize(model, LayerField.AttentionNorm, layer, 0, formOf(layer, LayerField.Query) | formOf(layer, LayerField.Key) | formOf(layer, LayerField.Value));
  if (!meet(threads)) return false;

  beginProducts(model);
  layerProduct(model, layer, LayerField.Query, normed, width, isGated ? 2 * queryWidth : queryWidth, address(model, ModelField.Query), 0);
  layerProduct(model, layer, LayerField.Key, normed, width, kvWidth, address(model, ModelField.Key), 0);
  layerProduct(model, layer, LayerField.Value, normed, width, kvWidth, address(model, ModelField.Value), 0);
  if (!meet(threads)) return false;

  placeHeads(model, layer);
  if (!meet(threads)) return false;
  attendAll(model, layer, thread);
  if (!meet(threads)) return false;
  if (isGated) gateHeads(model, formOf(layer, LayerField.Output));
  else activate(model, attended, queryWidth, formOf(layer, LayerField.Output));
  if (!meet(threads)) return false;

  beginProducts(model);
  const residual = ofLayer(layer, LayerField.PostAttentionNorm) == 0 ? address(model, ModelField.Residual) : 0;
  layerProduct(model, layer, LayerField.Output, attended, queryWidth, width, address(model, ModelField.Added), residual);
  return meet(threads);
}

function feedForward(model: usize, layer: usize): bool {
  const threads = address(model, ModelField.Threads);
  const width = field(model, ModelField.Width) as usize, hidden = field(model, ModelField.FeedForward) as usize;
  const normed = address(model, ModelField.Normed), gate = address(model, ModelField.Gate);
  const added = address(model, ModelField.Added), residual = address(model, ModelField.Residual);

  normalize(model, LayerField.FeedForwardNorm, layer, ofLayer(layer, LayerField.PostAttentionNorm), formOf(layer, LayerField.Gate) | formOf(layer, LayerField.Up));
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
