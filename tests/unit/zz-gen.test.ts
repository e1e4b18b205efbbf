import { closeSync, openSync, writeSync, existsSync } from 'node:fs';
import { it } from 'vitest';
import { randomModel, shapes, type Quantisation } from '../fixtures/synthetic-gguf';
it('gen', () => {
  const jobs: [keyof typeof shapes, Quantisation][] = [];
  for (const q of ['F32', 'F16', 'BF16', 'Q4_0', 'Q5_0', 'Q8_0', 'Q4_K', 'Q5_K', 'Q6_K', 'Q4_K_M'] as any[]) for (const s of ['tiny', 'tinyQwen3', 'Qwen3 slice'] as const) jobs.push([s, q]);
  jobs.push(['Qwen3-0.6B', 'Q4_K_M'], ['Qwen2.5-0.5B', 'Q4_K_M']);
  for (const [s, q] of jobs) { const f = `/work/tmp/cpu/${s.replace(' ', '-')}-${q}.gguf`; if (existsSync(f)) continue; try { const fd = openSync(f, 'w'); for (const p of randomModel({ shape: shapes[s], quantisation: q })) writeSync(fd, p); closeSync(fd); } catch (e) { console.log(f, String(e)); } }
}, 600000);
