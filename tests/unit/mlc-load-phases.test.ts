/** One bar for a load that is told as three, each from zero. */
import { describe, expect, it } from 'vitest';
import type { LoadProgress } from '../../src/shared/protocol/engine';
import { LoadPhases } from '../../workers/engine/webllm/load-phases';

const file = (path: string, bytes: number) => ({ path, content: new Blob([new Uint8Array(bytes)]) });
const config = file('mlc-chat-config.json', 10);
const library = file('library/a.wasm', 90);
const shards = [file('params_shard_0.bin', 400), file('params_shard_1.bin', 500)] as const;

function load() {
  const told: LoadProgress[] = [];
  return { told, phases: new LoadPhases([config, library, ...shards], (progress) => void told.push(progress)) };
}

describe('a load', () => {
  it('counts a file when the next one is asked for, and the last when WebLLM has it on the GPU', () => {
    const { told, phases } = load();
    for (const next of [config, config, library, ...shards]) phases.served(next);
    expect(told.map(({ loadedBytes }) => loadedBytes)).toEqual([0, 0, 10, 100, 500]);
    expect(told.map(({ phase }) => phase)).toEqual(['reading', 'reading', 'reading', 'uploading', 'uploading']);
    phases.told('Loading model from cache[2/2]: 1MB loaded. 100% completed, 3 secs elapsed.');
    expect(told.at(-1)).toMatchObject({ loadedBytes: 1000, totalBytes: 1000, phase: 'uploading' });
  });

  it('counts no file twice, however often it is asked for', () => {
    const { told, phases } = load();
    phases.served(shards[0]);
    phases.served(shards[1]);
    phases.served(shards[0]);
    expect(told.at(-1)?.loadedBytes).toBe(400);
  });

  it('ends with the programs of the GPU, at exactly one', () => {
    const { told, phases } = load();
    for (const next of [config, library, ...shards]) phases.served(next);
    phases.told('Loading GPU shader modules[37/74]: 50% completed, 2 secs elapsed.');
    expect(told.at(-1)).toMatchObject({ phase: 'compiling', programs: { done: 37, total: 74 }, loadedBytes: 1000 });
    phases.told('Loading GPU shader modules[74/74]: 100% completed, 4 secs elapsed.');
    expect(told.at(-1)?.fraction).toBe(1);
  });

  it('never goes back', () => {
    const { told, phases } = load();
    phases.served(shards[0]);
    phases.told('Start to fetch params');
    phases.told('Loading GPU shader modules[70/74]: 94% completed, 4 secs elapsed.');
    phases.told('Loading GPU shader modules[2/74]: 2% completed, 5 secs elapsed.');
    phases.served(shards[1]);
    const fractions = told.map(({ fraction }) => fraction);
    expect(fractions).toEqual(fractions.toSorted((a, b) => a - b));
  });

  it('makes nothing of sentences that it does not know', () => {
    const { told, phases } = load();
    phases.told('Finish loading on WebGPU - apple');
    phases.told('');
    expect(told).toHaveLength(1);
  });
});
