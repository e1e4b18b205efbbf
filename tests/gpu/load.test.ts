/** The load path with a library that is no chat model's: to the weights on the GPU, compiled programs, and an embedding. */
import { commands } from 'vitest/browser';
import { afterAll, describe, expect, inject, it } from 'vitest';
import { valueOf } from '../fixtures/outcomes';
import { liveEngine, monotonic, settings, storeModel } from './live';

const figures: Record<string, unknown> = { settings };
let modelId = '';

afterAll(() => commands.writeFigures('load', figures));

describe('an embedding model', () => {
  it('as it is, with the installed package: the failure has a name', async () => {
    modelId = await storeModel(inject('folderUrl'), inject('libraryUrl'));
    await commands.stopFolderServer();
    const result = await liveEngine().load(modelId, 512);
    figures['asItIs'] = result;
    expect(result).toMatchObject({ ok: false, failure: { kind: 'library-mismatch' } });
  });

  it('with the missing imports supplied: loads from the store with the server off, and computes', async () => {
    const engine = liveEngine('embedding');
    const loaded = valueOf(await engine.load(modelId, 512));
    figures['loaded'] = loaded;
    expect(loaded.backend).toBe('webgpu');
    const { progress } = engine;
    expect(monotonic(progress.map(({ fraction }) => fraction))).toBe(true);
    expect([...new Set(progress.map(({ phase }) => phase))]).toEqual(['reading', 'uploading', 'compiling']);
    const startedAt = performance.now();
    const vector = await engine.host().embedDirectly('hello');
    figures['embedding'] = { length: vector.length, ms: performance.now() - startedAt };
    expect(vector.length).toBe(384);
    expect(vector.every(Number.isFinite)).toBe(true);
  });
});
