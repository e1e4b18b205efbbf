/**
 * The gated delta rule (Yang, Kautz and Hatamizadeh 2024; the rule itself: Widrow and Hoff 1960, as linear attention: Schlag, Irie and
 * Schmidhuber 2021). A head's matrix S answers a key with a value. Each token lets it fade, corrects what it answers to the token's
 * key by a part β of the error, and asks it with the token's query:
 *
 *   S ← decay · S        error = v − Sᵀ k        S ← S + β · k ⊗ error        out = Sᵀ q
 *
 * The columns of S, one for each number of a value, have nothing to do with each other. So a thread takes some of them through all
 * tokens of a pass, and what it works on is small:
 *
 *   state   [value head][block of 16 columns][row, a number of the key][column]        length × 16 × 4 bytes = 8 kB for heads of 128
 *
 *   row 0   c0 c1 c2 c3 │ c4 c5 c6 c7 │ … │ … c15      · k[0]     four vectors, which sum all rows
 *   row 1   …                                          · k[1]
 */

/** Columns of a matrix that lie side by side. */
export const DELTA_COLUMNS: usize = 16;

/**
 * Takes 16 columns of one head through all tokens.
 * @param query, key of the first token, `length` floats; queries are scaled already @param value its 16 numbers
 * @param rowBytes from a token to the next, in all three
 * @param decay, beta of the first token, `gateBytes` from a token to the next
 * @param from, to the block before and behind the pass
 * @param out 16 floats for each token, `outBytes` apart
 */
export function deltaRule(
  count: i32, query: usize, key: usize, value: usize, rowBytes: usize, length: usize,
  decay: usize, beta: usize, gateBytes: usize, from: usize, to: usize, out: usize, outBytes: usize,
): void {
  const end = length * 4;
  for (let token = 0; token < count; token++) {
    const fade = v128.load32_splat(decay), part = v128.load32_splat(beta);
    let a0 = f32x4.splat(0), a1 = f32x4.splat(0), a2 = f32x4.splat(0), a3 = f32x4.splat(0);
    for (let row: usize = 0, at = from; row < end; row += 4, at += 64) {
      const k = v128.load32_splat(key + row);
      a0 = f32x4.add(a0, f32x4.mul(v128.load(at), k));
      a1 = f32x4.add(a1, f32x4.mul(v128.load(at, 16), k));
      a2 = f32x4.add(a2, f32x4.mul(v128.load(at, 32), k));
      a3 = f32x4.add(a3, f32x4.mul(v128.load(at, 48), k));
    }
    // The matrix has not faded yet: what it answers has to.
    const e0 = f32x4.mul(part, f32x4.sub(v128.load(value), f32x4.mul(fade, a0)));
    const e1 = f32x4.mul(part, f32x4.sub(v128.load(value, 16), f32x4.mul(fade, a1)));
    const e2 = f32x4.mul(part, f32x4.sub(v128.load(value, 32), f32x4.mul(fade, a2)));
    const e3 = f32x4.mul(part, f32x4.sub(v128.load(value, 48), f32x4.mul(fade, a3)));
    a0 = f32x4.splat(0), a1 = f32x4.splat(0), a2 = f32x4.splat(0), a3 = f32x4.splat(0);
    for (let row: usize = 0, at = from, next = to; row < end; row += 4, at += 64, next += 64) {
      const k = v128.load32_splat(key + row), q = v128.load32_splat(query + row);
      const s0 = f32x4.add(f32x4.mul(fade, v128.load(at)), f32x4.mul(k, e0));
      const s1 = f32x4.add(f32x4.mul(fade, v128.load(at, 16)), f32x4.mul(k, e1));
      const s2 = f32x4.add(f32x4.mul(fade, v128.load(at, 32)), f32x4.mul(k, e2));
      const s3 = f32x4.add(f32x4.mul(fade, v128.load(at, 48)), f32x4.mul(k, e3));
      v128.store(next, s0);
      v128.store(next, s1, 16);
      v128.store(next, s2, 32);
      v128.store(next, s3, 48);
      a0 = f32x4.add(a0, f32x4.mul(s0, q));
      a1 = f32x4.add(a1, f32x4.mul(s1, q));
      a2 = f32x4.add(a2, f32x4.mul(s2, q));
      a3 = f32x4.add(a3, f32x4.mul(s3, q));
    }
    v128.store(out, a0);
    v128.store(out, a1, 16);
    v128.store(out, a2, 32);
    v128.store(out, a3, 48);
    from = to;
    query += rowBytes, key += rowBytes, value += rowBytes, decay += gateBytes, beta += gateBytes, out += outBytes;
  }
}
