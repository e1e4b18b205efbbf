/** The benchmark's primitives on the real llama.cpp engine. */
import { describe, expect, it } from 'vitest';
import { median } from '../../src/shared/domain/benchmark/statistics';
import { decodeRate, tokenIntervals } from '../../src/shared/domain/benchmark/token-times';
import { valueOf } from '../fixtures/outcomes';
import { LlamaCppProbes, loadRequest } from '../fixtures/llama-cpp-probe';
import { scriptedModel } from '../fixtures/scripted-gguf';
import { blobOf, randomModel, shapes } from '../fixtures/synthetic-gguf';

const probes = new LlamaCppProbes();
async function startWith(file: Blob, more?: Parameters<typeof loadRequest>[1]) {
  const probe = probes.start();
  return { probe, loaded: valueOf(await probe.load(loadRequest(file, more))) };
}
const small = (): Blob => blobOf(randomModel({ shape: shapes.tiny, quantisation: 'F32' }));

describe('reading a prompt', () => {
  it('takes exactly as many tokens as it says, none of them from the cache, and the engine’s clock agrees', async () => {
    const { probe } = await startWith(small(), { contextTokens: 2048 });
    for (const tokens of [1, 2, 16, 64, 512, 1024]) {
      for (const seed of [1, 2]) {
        const measured = valueOf(await probe.measurePrefill(tokens, { seed }));
        expect(measured).toMatchObject({ tokens, cachedTokens: 0, engine: { promptTokens: tokens } });
        // What we see also holds the way to the engine and back.
        expect(measured.milliseconds).toBeGreaterThanOrEqual(measured.engine?.promptMs ?? Infinity);
        expect(measured.milliseconds - (measured.engine?.promptMs ?? 0)).toBeLessThan(60);
      }
    }
  });
});

describe('writing tokens', () => {
  it('stamps each, at the depth asked for', async () => {
    const { probe } = await startWith(small(), { contextTokens: 2048 });
    for (const depth of [0, 1, 16, 1024]) {
      const measured = valueOf(await probe.measureDecode(33, { depth, seed: 5 }));
      expect(measured.timestamps).toHaveLength(33);
      expect(measured.chunkTokens).toBeUndefined();
      expect(measured.depthTokens).toBe(Math.max(1, depth));
      expect(measured.engine).toMatchObject({ generatedTokens: 33, intervals: 33 });
    }
  });

  it('V4: agrees with the engine’s own clock within 3 %, once intervals are counted and not tokens', async () => {
    const { probe } = await startWith(blobOf(randomModel({ shape: shapes.guide, quantisation: 'F32' })));
    await probe.measureDecode(65);
    const differences: number[] = [];
    const lastShares: number[] = [];
    for (let rep = 0; rep < 5; rep += 1) {
      const { timestamps, engine } = valueOf(await probe.measureDecode(129));
      const theirs = (1000 * (engine?.intervals ?? 0)) / (engine?.decodeMs ?? 1);
      const intervals = tokenIntervals({ requestedAt: 0, stamps: timestamps });
      lastShares.push((intervals.at(-1) ?? 0) / median(intervals));
      differences.push(Math.abs((decodeRate({ requestedAt: 0, stamps: timestamps }) ?? 0) / theirs - 1));
    }
    expect(median(differences)).toBeLessThan(0.03);
    expect(median(lastShares), 'the last token is not handed over before its time').toBeGreaterThan(0.5);
  });

  it('goes on although the model wants to end', async () => {
    const { probe } = await startWith(blobOf(scriptedModel({ answer: ['Yes'] })));
    expect(valueOf(await probe.measureDecode(40)).timestamps).toHaveLength(40);
  });

  it('does not fill the memory with prompts that were left', async () => {
    const { probe } = await startWith(small(), { contextTokens: 2048 });
    for (let round = 0; round < 3; round += 1) {
      valueOf(await probe.measurePrefill(1024, { seed: round }));
      // The next one finds an engine that has next to nothing to put away: its first token comes as fast as ever.
      const { milliseconds, engine } = valueOf(await probe.measurePrefill(16, { seed: 100 + round }));
      expect(milliseconds - (engine?.promptMs ?? 0)).toBeLessThan(60);
    }
  });
});

describe('V15: what a token costs', () => {
  it('is known from the header, to the byte', async () => {
    const { loaded } = await startWith(blobOf(randomModel({ shape: shapes.tinyQwen3, quantisation: 'F32' })));
    // Tied embeddings: all tensors are read, 4 bytes each parameter; two layers, two heads of 64, keys and values, 32-bit cache.
    expect(loaded.accounting).toMatchObject({
      tiedEmbeddings: true,
      layers: 2,
      architecture: 'qwen3',
      kvBytesPerToken: 2 * 2 * (64 + 64) * 4,
    });
    expect(loaded.accounting?.activeBytes).toBe((loaded.accounting?.activeParameters ?? 0) * 4);
    expect(loaded.tuning).toMatchObject({ cacheTypeK: 'f32', gpuLayers: 0, batchTokens: 128 });
  });
});
