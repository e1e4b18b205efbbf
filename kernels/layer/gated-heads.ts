/**
 * Gated attention (Qiu et al. 2025): what a head has come to, times the sigmoid of as many numbers that its layer's first matrix
 * computes beside its query.
 *
 *   query      [token][head]  length numbers of the query │ length numbers that gate it
 *   attended   [token][head]  length numbers               → attended · sigmoid(gate), in the form that the next matrix wants
 */
import { sigmoid } from '../arithmetic/exponential';
import { ModelField } from '../layout';
import { address, field } from '../model';
import { take } from '../threads';
import { quantizeToken } from './forms';

/** @param wanted the forms of the output matrix */
export function gateHeads(model: usize, wanted: i32): void {
  const threads = address(model, ModelField.Threads);
  const bytes = (field(model, ModelField.HeadLength) as usize) * 4;
  const heads = field(model, ModelField.Heads) as usize;
  const count = field(model, ModelField.Count);
  for (let token = take(threads); token < count; token = take(threads)) {
    const attended = address(model, ModelField.Attended) + (token as usize) * heads * bytes;
    const queries = address(model, ModelField.Query) + (token as usize) * heads * bytes * 2;
    for (let head: usize = 0; head < heads; head++) {
      const to = attended + head * bytes, gate = queries + (2 * head + 1) * bytes;
      for (let at: usize = 0; at < bytes; at += 16)
        v128.store(to + at, f32x4.mul(v128.load(to + at), sigmoid(v128.load(gate + at))));
    }
    quantizeToken(model, attended, token, (heads * bytes) >> 2, wanted);
  }
}
