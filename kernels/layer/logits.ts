/**
 * From the last tokens of a pass to logits: norm, output matrix, scale and soft limit.
 *
 *   residual [token][width]  →  normed [wanted][width]  →  logits [wanted][vocabulary, filled up to a multiple of four]
 */
import { hyperbolicTangent } from '../arithmetic/exponential';
import { ModelField } from '../layout';
import { blockOf } from '../matrix/matrix-type';
import { address, field, number, rounded } from '../model';
import { meet, take } from '../threads';
import { formBit, quantizeToken } from './forms';
import { rmsNorm } from './norm';
import { beginProducts, product } from './products';

/** The last tokens of the pass: their logits, one row for each. */
export function toLogits(model: usize): bool {
  const threads = address(model, ModelField.Threads);
  const width = field(model, ModelField.Width) as usize, vocabulary = field(model, ModelField.Vocabulary) as usize;
  const wanted = field(model, ModelField.LogitCount), first = field(model, ModelField.Count) - wanted;
  const type = field(model, ModelField.Output);
  const normed = address(model, ModelField.Normed), logits = address(model, ModelField.Logits);
  for (let token = take(threads); token < wanted; token = take(threads)) {
    const from = address(model, ModelField.Residual) + ((first + token) as usize) * width * 4;
    const to = normed + (token as usize) * width * 4;
    rmsNorm(from, address(model, ModelField.OutputNorm), to, width, number(model, ModelField.Epsilon));
    quantizeToken(model, to, token, width, formBit(blockOf(type)));
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
