import { readFileSync } from 'node:fs';
import { it } from 'vitest';
import { readContents } from '../../workers/gguf/gguf-contents';
import { compileKernels } from '../../workers/engine/cpu/kernels';
import { CpuModel } from '../../workers/engine/cpu/cpu-model';
import { ModelField, LayerField } from '../../kernels/layout';
const content = (bytes: Uint8Array<ArrayBuffer>): any => ({ size: bytes.length, slice: (s = 0, e = bytes.length) => content(bytes.subarray(s, e)), arrayBuffer: async () => bytes.slice().buffer });
it('dbg', async () => {
  const bytes = new Uint8Array(readFileSync('public/models/guide.gguf'));
  const contents = await readContents([content(bytes)]);
  const compiled = await compileKernels(false);
  const model = await CpuModel.load(contents, { contextTokens: 1024, byteCache: false, threads: 1 }, compiled, () => {}, new AbortController().signal);
  console.log(JSON.stringify(model.architecture));
  const view = new DataView(model.memory.buffer); const f = new Float32Array(model.memory.buffer);
  const get = (x: number) => view.getUint32(model.address + x * 4, true);
  for (const n of [3, 4, 8, 16]) { await model.evaluate(Array.from({ length: n }, (_, i) => 10 + i * 7), 0, 1); console.log(n, model.logits().slice(0, 4)); }
  for (const name of ['Residual', 'Normed', 'Query', 'Key', 'Value', 'Attended', 'Added', 'Gate', 'Up', 'Logits', 'RopeTables'] as const) { const a = get(ModelField[name]) / 4; console.log(name, [...f.subarray(a, a + 6)].map((x) => x.toFixed(4)).join(' ')); }
  for (const k of Object.keys(LayerField).filter((k) => isNaN(+k))) console.log(k, get(ModelField.Length + (LayerField as any)[k]));
});
