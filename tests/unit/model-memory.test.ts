import { describe, expect, it } from 'vitest';
import { FailureError } from '../../src/contracts/failure';
import { checkFileSizes, chooseContext, memoryNeeded } from '../../workers/engine/llama-cpp/model-memory';

const memoryBytes = 4 * 1024 ** 3;

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
    expect(chooseContext(facts, 4096, 128, memoryBytes)).toBe(4096);
    expect(chooseContext(facts, 300, 128, memoryBytes)).toBe(300);
  });

  it("is the model's own where it fits, and what fits where it does not", () => {
    expect(chooseContext({ ...facts, contextTokens: 8192 }, undefined, 128, memoryBytes)).toBe(8192);
    const fitting = chooseContext(facts, undefined, 128, memoryBytes);
    expect(fitting).toBeLessThan(40_960);
    expect(fitting % 256).toBe(0);
    expect(memoryNeeded(facts, fitting, 128)).toBeLessThanOrEqual(memoryBytes);
    expect(memoryNeeded(facts, fitting + 256, 128)).toBeGreaterThan(memoryBytes);
  });

  it('is shorter where the browser grants less memory', () => {
    const little = chooseContext(facts, undefined, 128, 1024 ** 3);
    expect(little).toBeLessThan(chooseContext(facts, undefined, 128, memoryBytes));
    expect(memoryNeeded(facts, little, 128)).toBeLessThanOrEqual(1024 ** 3);
  });

  it.each([
    ['a window that does not fit', facts, 40_960],
    ['weights that do not fit', { ...facts, tensorBytes: 4.2e9 }, undefined],
  ])('refuses %s, with numbers', (_, model, wanted) => {
    const refuse = () => chooseContext(model, wanted, 128, memoryBytes);
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

describe('the files of a model', () => {
  const compat = { build: 'compat', memoryBytes, fileBytes: 2 ** 31 - 1, gpu: false } as const;

  it('may be as large as the engine of this browser can read', () => {
    expect(() => checkFileSizes([2 ** 31 - 1, 2 ** 31 - 1], compat)).not.toThrow();
    expect(() => checkFileSizes([3e9], { ...compat, build: 'main', fileBytes: Infinity })).not.toThrow();
  });

  it('are refused by both figures where one is larger, rather than taken for one that is cut off', () => {
    try {
      checkFileSizes([1e9, 2 ** 31], compat);
      expect.unreachable();
    } catch (error) {
      expect((error as FailureError).failure).toMatchObject({
        kind: 'file-too-large',
        numbers: { neededBytes: 2 ** 31, availableBytes: 2 ** 31 - 1 },
      });
    }
  });
});
