import { describe, expect, it } from 'vitest';
import { FailureError } from '../../src/shared/protocol/failure';
import { checkWeights, chooseContext, memoryNeeded } from '../../workers/engine/llama-cpp/model-memory';

const GiB = 1024 ** 3;
const main = { build: 'main', memoryBytes: 4 * GiB, pieceBytes: Infinity, gpu: true } as const;
const compat = { build: 'compat', memoryBytes: 4 * GiB, pieceBytes: 2 * GiB - 1, gpu: false } as const;

describe('the context window', () => {
  const facts = {
    architecture: 'qwen3',
    layers: 28,
    vocabulary: 151_936,
    parameters: 6e8,
    tensorBytes: 4e8,
    kvBytesPerToken: 114_688,
    hasChatTemplate: true,
    splitCount: 1,
    contextTokens: 40_960,
  };

  it('is the one asked for', () => {
    expect(chooseContext(facts, 4096, 128, main)).toBe(4096);
    expect(chooseContext(facts, 300, 128, main)).toBe(300);
  });

  it("is the model's own where it fits, and what fits where it does not", () => {
    expect(chooseContext({ ...facts, contextTokens: 8192 }, undefined, 128, main)).toBe(8192);
    const fitting = chooseContext(facts, undefined, 128, main);
    expect(fitting).toBeLessThan(40_960);
    expect(fitting % 256).toBe(0);
    expect(memoryNeeded(facts, fitting, 128)).toBeLessThanOrEqual(main.memoryBytes);
    expect(memoryNeeded(facts, fitting + 256, 128)).toBeGreaterThan(main.memoryBytes);
  });

  it('is shorter where the browser grants less memory', () => {
    const little = chooseContext(facts, undefined, 128, { ...main, memoryBytes: GiB });
    expect(little).toBeLessThan(chooseContext(facts, undefined, 128, main));
    expect(memoryNeeded(facts, little, 128)).toBeLessThanOrEqual(GiB);
  });

  it.each([
    ['a window that does not fit', facts, 40_960],
    ['weights that do not fit', { ...facts, tensorBytes: 4.2e9 }, undefined],
  ])('refuses %s, with numbers', (_, model, wanted) => {
    const refuse = () => chooseContext(model, wanted, 128, main);
    expect(refuse).toThrow(FailureError);
    try {
      refuse();
    } catch (error) {
      const { kind, numbers } = (error as FailureError).failure;
      expect(kind).toBe('model-too-large');
      expect(numbers?.neededBytes).toBeGreaterThan(numbers?.availableBytes ?? Infinity);
    }
  });
});

describe('with sizes of 32 bits', () => {
  it('weights are refused that are more than one piece can be, by both figures', () => {
    expect(() => checkWeights({ tensorBytes: 2 * GiB - 1 }, [GiB, GiB - 1], compat)).not.toThrow();
    expect(() => checkWeights({ tensorBytes: 3e9 }, [3e9], main)).not.toThrow();
    for (const [tensorBytes, ...files] of [
      [2 * GiB, GiB, GiB],
      [2 * GiB - 100, 2 * GiB],
    ] as const) {
      try {
        checkWeights({ tensorBytes }, files, compat);
        expect.unreachable();
      } catch (error) {
        expect((error as FailureError).failure).toMatchObject({
          kind: 'weights-too-large',
          numbers: { neededBytes: 2 * GiB, availableBytes: 2 * GiB - 1 },
        });
      }
    }
  });

  it('the window is as long as one piece of cache allows', () => {
    const model = { architecture: 'qwen3', layers: 28, vocabulary: 1000, parameters: 6e8, tensorBytes: 1e8 } as const;
    const facts = { ...model, kvBytesPerToken: 2 ** 20, contextTokens: 40_960, hasChatTemplate: true, splitCount: 1 };
    expect(chooseContext(facts, undefined, 128, main)).toBeGreaterThan(2048);
    const fitting = chooseContext(facts, undefined, 128, compat);
    expect(fitting * facts.kvBytesPerToken).toBeLessThan(2 * GiB);
    expect(() => chooseContext(facts, 2048, 128, main)).not.toThrow();
    expect(() => chooseContext(facts, 2048, 128, compat)).toThrow('model-too-large');
  });
});
