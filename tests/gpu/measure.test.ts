/** The two primitives of the benchmark on the real engine: exact prompts, a stamp for each token, and the package's own clock beside ours. */
import { commands } from 'vitest/browser';
import { afterAll, describe, expect, inject, it } from 'vitest';
import { decodeRate } from '../../src/shared/domain/benchmark/token-times';
import { engineRate } from '../../src/shared/domain/benchmark/engine-clock';
import { valueOf } from '../fixtures/outcomes';
import { liveEngine, settings, storeModel } from './live';

const figures: Record<string, unknown> = { settings };
const engine = liveEngine();
const prompt = 24;
const depth = 12;

afterAll(() => commands.writeFigures('measure', figures));

describe('a real model on WebLLM', () => {
  it('tells what a token costs of it', async () => {
    const modelId = await storeModel(inject('folderUrl'), inject('libraryUrl'));
    const { accounting, tuning } = valueOf(await engine.load(modelId, 512));
    Object.assign(figures, { accounting, tuning });
    expect(accounting?.activeBytes).toBeGreaterThan(0);
    expect(accounting?.activeBytes).toBeLessThanOrEqual(accounting?.totalBytes ?? 0);
    expect(tuning?.batchTokens).toBeGreaterThan(0);
    // What lies on the GPU is the weights, the cache for the whole window, and what is computed with.
    const peakBytes = await engine.host().peakBytes();
    figures['peakBytes'] = peakBytes;
    expect(peakBytes).toBeGreaterThan((accounting?.totalBytes ?? 0) + 512 * (accounting?.kvBytesPerToken ?? 0));
  });

  it('reads exactly so many tokens, none of them from a cache', async () => {
    const measured = valueOf(await engine.client.measurePrefill(prompt, { seed: 1 }));
    figures['prefill'] = measured;
    expect(measured).toMatchObject({ tokens: prompt, cachedTokens: 0, engine: { promptTokens: prompt } });
    const ours = (1000 * prompt) / measured.milliseconds;
    const theirs = measured.engine && engineRate('pp', measured.engine);
    expect(Math.abs(ours / (theirs ?? Number.NaN) - 1)).toBeLessThan(0.03);
  });

  it('writes exactly so many, behind a prompt of the wanted depth', async () => {
    const measured = valueOf(await engine.client.measureDecode(settings.tokens, { seed: 2, depth }));
    figures['decode'] = measured;
    expect(measured.timestamps).toHaveLength(settings.tokens);
    expect(measured.depthTokens).toBe(depth);
    const ours = decodeRate({ requestedAt: 0, stamps: measured.timestamps });
    const theirs = measured.engine && engineRate('tg', measured.engine);
    figures['rates'] = { ours, theirs };
    expect(Math.abs((ours ?? Number.NaN) / (theirs ?? Number.NaN) - 1)).toBeLessThan(0.03);
  });
});
