import { readFileSync, readdirSync } from 'node:fs';
import { it } from 'vitest';
import { readContents } from '../../workers/gguf/gguf-contents';
import { compileKernels } from '../../workers/engine/cpu/kernels';
import { CpuModel } from '../../workers/engine/cpu/cpu-model';
const content = (bytes: Uint8Array<ArrayBuffer>): any => ({ size: bytes.length, slice: (s = 0, e = bytes.length) => content(bytes.subarray(s, e)), arrayBuffer: async () => bytes.slice().buffer });
it('kl', async () => {
  const dir = '/work/tmp/cpu/'; const compiled = await compileKernels(false);
  for (const ref of readdirSync(dir).filter((f) => f.startsWith('ref-') && f.includes(process.env['ONLY'] ?? ''))) {
    const contents = await readContents([content(new Uint8Array(readFileSync(dir + ref.slice(4, -5))))]);
    for (const byteCache of [false, true]) {
      const model = await CpuModel.load(contents, { contextTokens: 512, byteCache, threads: 1 }, compiled, () => {}, new AbortController().signal);
      let kl = 0, n = 0, worst = 0, same = 0; const chunk = 32; const out: string[] = [];
      for (const { prompt, steps } of JSON.parse(readFileSync(dir + ref, 'utf8'))) {
        let pos = 0; let k0 = 0;
        for (let i = 0; i < prompt.length; i += chunk) { const part = prompt.slice(i, i + chunk); await model.evaluate(part, pos, i + chunk >= prompt.length ? 1 : 0); pos += part.length; }
        for (const { token, top } of steps) {
          const l = model.logits(); let m = -Infinity, arg = 0; for (let i = 0; i < l.length; i++) if (l[i]! > m) { m = l[i]!; arg = i; }
          let z = 0; for (const x of l) z += Math.exp(x - m);
          let sp = 0; for (const [, p] of top) sp += p; let sq = 0; for (const [id] of top) sq += Math.exp(l[id]! - m) / z;
          let k = 0; for (const [id, p] of top) { const q = Math.exp(l[id]! - m) / z; if (p > 0) k += p * Math.log(p / q); }
          if (sp < 1 - 1e-9) k += (1 - sp) * Math.log((1 - sp) / Math.max(1e-12, 1 - sq));
          kl += k; n++; k0 += k; worst = Math.max(worst, k); if (arg === token) same++;
          await model.evaluate([token], pos++, 1);
        }
        out.push((k0 / steps.length).toExponential(0));
      }
      console.log(ref.slice(4, -10).padEnd(20), byteCache ? 'int8' : 'f32 ', 'mean KL', (kl / n).toExponential(2), 'worst', worst.toExponential(2), 'same', same, '/', n, out.join(' '));
    }
  }
}, 600000);
