/** Native llama.cpp in a process of its own, from a folder outside of the repository. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Contender, OpenOptions } from './contender';
import { modelsFolder } from './models';

const batch = 512;

/** @param packages the `node_modules` that hold node-llama-cpp */
export async function openNative(packages: string, { file, threads, contextTokens }: OpenOptions): Promise<Contender> {
  const child = fork(join(import.meta.dirname, '../engine-comparison-native.mjs'), [packages]);
  const ask = async <T>(verb: string, argument: unknown): Promise<T> => {
    child.send({ verb, argument });
    const over = new AbortController();
    const { signal } = over;
    const [answer] = (await Promise.race([
      once(child, 'message', { signal }),
      once(child, 'exit', { signal }).then(([code]) => [{ error: `native llama.cpp ended with ${String(code)}` }]),
    ])) as [{ value?: T; error?: string }];
    // Whichever did not happen is waited for no longer.
    over.abort();
    if (answer.error !== undefined) throw new Error(answer.error);
    return answer.value as T;
  };
  const before = await ask<number>('memory', null);
  const { loadMs } = await ask<{ loadMs: number }>('open', {
    file: join(modelsFolder, file),
    threads,
    batch,
    contextTokens,
  });
  return {
    name: 'native',
    version: 'node-llama-cpp',
    threads,
    loadMs,
    memoryBytes: (await ask<number>('memory', null)) - before,
    prefill: async (tokens) => (1000 * tokens) / (await ask<number>('prefill', tokens)),
    decode: async (tokens, depth) => (1000 * tokens) / (await ask<number>('decode', [Math.max(1, depth), tokens])),
    ceiling: () => Promise.resolve(null),
    close: () => {
      child.kill();
      return Promise.resolve();
    },
  };
}
