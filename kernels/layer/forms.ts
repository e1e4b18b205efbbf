/**
 * The forms in which a token is multiplied (see matrix/activations.ts). A token is brought into each form once, however many
 * matrices want it; which forms that are is told by bits. Floats are always there.
 */
import { LayerField, ModelField } from '../layout';
import { activationBytes, quantize } from '../matrix/activations';
import { blockOf } from '../matrix/matrix-type';
import { address, ofLayer } from '../model';

const BLOCKS_OF_32: i32 = 1;
const BLOCKS_OF_256: i32 = 2;

/** The form that a matrix of a layer wants, as a bit. */
@inline
export function formOf(layer: usize, matrix: LayerField): i32 {
  return formBit(blockOf(ofLayer(layer, matrix) as i32));
}

/** @param block of a type: 1, 32 or 256 */
@inline
export function formBit(block: i32): i32 {
  return block == 32 ? BLOCKS_OF_32 : block == 256 ? BLOCKS_OF_256 : 0;
}

/** Writes one token in each form that is wanted. @param columns numbers of the token */
export function quantizeToken(model: usize, values: usize, token: i32, columns: usize, wanted: i32): void {
  if (wanted & BLOCKS_OF_32) quantize(32, values, address(model, ModelField.Blocks32) + (token as usize) * activationBytes(32, columns), columns);
  if (wanted & BLOCKS_OF_256) quantize(256, values, address(model, ModelField.Blocks256) + (token as usize) * activationBytes(256, columns), columns);
}
