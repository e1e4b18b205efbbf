/**
 * The residual stream between the parts of a layer: [token][width], from which each part takes its tokens through a norm, in the
 * forms that its matrices want, and to which it adds what it comes to.
 */
import { LayerField, ModelField } from '../layout';
import { address, field, number, ofLayer } from '../model';
import { take } from '../threads';
import { quantizeToken } from './forms';
import { rmsNorm } from './norm';

/**
 * Norms each token, and brings it into the forms that the next matrices want.
 * @param pending the norm of what is still to be added to the residual stream; 0 for nothing
 */
export function normalize(model: usize, norm: LayerField, layer: usize, pending: usize, wanted: i32): void {
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
export function addNormed(model: usize, token: i32, norm: usize): void {
  const width = field(model, ModelField.Width) as usize;
  const added = address(model, ModelField.Added) + (token as usize) * width * 4;
  const residual = address(model, ModelField.Residual) + (token as usize) * width * 4;
  rmsNorm(added, norm, added, width, number(model, ModelField.Epsilon));
  const scale = f32x4.splat(number(model, ModelField.ResidualScale));
  for (let at: usize = 0; at < width * 4; at += 16)
    v128.store(residual + at, f32x4.add(v128.load(residual + at), f32x4.mul(v128.load(added + at), scale)));
}

/** Brings tokens that are floats into the forms that the next matrix wants. */
export function activate(model: usize, x: usize, columns: usize, wanted: i32): void {
  const threads = address(model, ModelField.Threads);
  const count = field(model, ModelField.Count);
  for (let token = take(threads); token < count; token = take(threads))
    quantizeToken(model, x + (token as usize) * columns * 4, token, columns, wanted);
}
