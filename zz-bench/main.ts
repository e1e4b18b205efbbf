import { compileKernels } from '../workers/engine/cpu/kernels';
import benchUrl from './bench.worker.ts?worker&url';
const worker = new Worker(benchUrl, { type: 'module' });
(globalThis as any).bench = (job: unknown) => new Promise((resolve, reject) => { worker.onmessage = (e) => resolve(e.data); worker.onerror = (e) => reject(new Error(e.message)); worker.postMessage(job); });
(globalThis as any).isReady = true; void compileKernels;
