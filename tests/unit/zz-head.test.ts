import { openSync, readSync, statSync } from 'node:fs';
import { it } from 'vitest';
import { readContents } from '../../workers/gguf/gguf-contents';
const content = (path: string): any => { const fd = openSync(path, 'r'); const make = (s: number, e: number): any => ({ size: e - s, slice: (a = 0, b = e - s) => make(s + a, s + b), arrayBuffer: async () => { const u = new Uint8Array(e - s); readSync(fd, u, 0, u.length, s); return u.buffer; } }); return make(0, statSync(path).size); };
it('head', async () => { for (let i = 0; i < 5; i++) { const t = performance.now(); const c = await readContents([content('/work/tmp/cpu/Qwen3-0.6B-Q4_K_M.gguf')]); console.log('header ms', performance.now() - t, c.tensors.size, (c.metadata.get('tokenizer.ggml.tokens') as string[]).length, (c.metadata.get('tokenizer.ggml.merges') as string[]).length); } });
