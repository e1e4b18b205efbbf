/**
 * Reading the fields of layout.ts, 32 bits each:
 *
 *   model   ModelField.Length fields │ LayerField.Length of layer 0 │ of layer 1 │ …
 */
import { LayerField, ModelField } from './layout';

@inline
export function field(model: usize, name: ModelField): i32 {
  return load<i32>(model + (name as usize) * 4);
}

@inline
export function address(model: usize, name: ModelField): usize {
  return load<u32>(model + (name as usize) * 4) as usize;
}

@inline
export function number(model: usize, name: ModelField): f32 {
  return load<f32>(model + (name as usize) * 4);
}

/** Where the fields of layer `index` begin. */
@inline
export function layerAt(model: usize, index: i32): usize {
  return model + ((ModelField.Length as usize) + (index as usize) * (LayerField.Length as usize)) * 4;
}

/** An address or a whole number of a layer. */
@inline
export function ofLayer(layer: usize, name: LayerField): usize {
  return load<u32>(layer + (name as usize) * 4) as usize;
}

/** The next multiple of `step`, which is a power of two. */
@inline
export function rounded(value: usize, step: usize): usize {
  return (value + step - 1) & ~(step - 1);
}
