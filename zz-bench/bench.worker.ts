import { readContents } from '../workers/gguf/gguf-contents';
import { compileKernels } from '../workers/engine/cpu/kernels';
import { CpuModel } from '../workers/engine/cpu/cpu-model';
import { Threads } from '../workers/engine/cpu/threads';
const cache: any = {};
self.onmessage = async ({ data: { url, threads, byteCache, context, prefill, decode, depth, keep } }) => {
  try {
    const blob: Blob = cache[url] ??= await (await fetch(url)).blob();
    const t0 = performance.now();
    const contents = await readContents([blob as any]);
    const t1 = performance.now();
    const compiled = await compileKernels(threads > 1);
    const model = await CpuModel.load(contents, { contextTokens: context, byteCache, threads }, compiled, () => {}, new AbortController().signal);
    const t2 = performance.now();
    const team = threads > 1 ? await Threads.start(threads - 1, { module: compiled.module, memory: model.memory, model: model.address }) : null;
    const t3 = performance.now();
    const out: any = { relaxed: compiled.relaxed, header: t1 - t0, load: t2 - t1, threads: t3 - t2, memoryMB: model.memory.buffer.byteLength / 1e6 };
    const tok = (i: number) => (i * 7919) % 400;
    await model.evaluate([1, 2, 3], 0, 1);
    for (const n of prefill) { let best = Infinity; for (let r = 0; r < 2; r++) { const t = performance.now(); for (let i = 0; i < n; i += 64) await model.evaluate(Array.from({ length: Math.min(64, n - i) }, (_, k) => tok(i + k)), i, i + 64 >= n ? 1 : 0); best = Math.min(best, performance.now() - t); } out[`pp${n}`] = +(n * 1000 / best).toFixed(1); }
    for (const d of depth) { const ms: number[] = []; for (let i = 0; i < decode; i++) { const t = performance.now(); await model.evaluate([tok(i)], d + i, 1); ms.push(performance.now() - t); } ms.sort((a, b) => a - b); out[`tg@${d}`] = +(1000 / ms[ms.length >> 1]!).toFixed(2); out[`tgbest@${d}`] = +(1000 / ms[0]!).toFixed(2); }
    out.check = [...model.logits().subarray(0, 3)];
    team?.end();
    self.postMessage(out);
  } catch (e: any) { self.postMessage({ error: String(e?.stack ?? e), failure: e?.failure }); }
};
