import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { readContents } from '../../workers/gguf/gguf-contents';
import { compileKernels } from '../../workers/engine/cpu/kernels';
import { CpuModel } from '../../workers/engine/cpu/cpu-model';
const content = (bytes: Uint8Array<ArrayBuffer>): any => ({ size: bytes.length, slice: (s = 0, e = bytes.length) => content(bytes.subarray(s, e)), arrayBuffer: async () => bytes.slice().buffer });
it('guide', async () => {
  const file = process.env['GGUF'] ?? 'public/models/guide.gguf';
  const bytes = new Uint8Array(readFileSync(file));
  const t0 = performance.now();
  const contents = await readContents([content(bytes)]);
  const compiled = await compileKernels(false);
  for (const byteCache of [false, true]) {
    const model = await CpuModel.load(contents, { contextTokens: 1024, byteCache, threads: 1 }, compiled, () => {}, new AbortController().signal);
    console.log('load ms', performance.now() - t0, 'memory', model.memory.buffer.byteLength / 1e6);
    for (const { prompt, steps } of JSON.parse(readFileSync(process.env['REF'] ?? '/work/tmp/cpu/guide-ref.json', 'utf8'))) {
      let worst = 0, kl = 0, same = 0, pos = 0;
      const t1 = performance.now();
      for (let i = 0; i < prompt.length; i += 32) { const part = prompt.slice(i, i + 32); await model.evaluate(part, pos, i + 32 >= prompt.length ? 1 : 0); pos += part.length; }
      const t2 = performance.now();
      for (const { token, top } of steps) {
        const l = model.logits(); let m = -Infinity, arg = 0; for (let i = 0; i < l.length; i++) if (l[i]! > m) { m = l[i]!; arg = i; }
        let z = 0; for (const x of l) z += Math.exp(x - m);
        for (const [id, p] of top) { const q = Math.exp(l[id]! - m) / z; worst = Math.max(worst, Math.abs(p - q)); if (p > 0) kl += p * Math.log(p / q); }
        if (arg === token) same++;
        await model.evaluate([token], pos++, 1);
      }
      console.log('byteCache', byteCache, 'prompt', prompt.length, 'same', same, '/', steps.length, 'worst dp', worst.toExponential(2), 'KL/step', (kl / steps.length).toExponential(2), 'prefill ms', (t2 - t1).toFixed(1), 'decode ms/tok', ((performance.now() - t2) / steps.length).toFixed(2));
    }
  }
  expect(1).toBe(1);
}, 300000);
