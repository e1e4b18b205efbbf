import { describe, expect, it } from 'vitest';
import { FailureError } from '../../src/contracts/failure';
import { chooseContext, memoryNeeded, wasmMemoryBytes } from '../../workers/engine/llama-cpp/model-memory';

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
    expect(chooseContext(facts, 4096, 128)).toBe(4096);
    expect(chooseContext(facts, 300, 128)).toBe(300);
  });

  it("is the model's own where it fits, and what fits where it does not", () => {
    expect(chooseContext({ ...facts, contextTokens: 8192 }, undefined, 128)).toBe(8192);
    const fitting = chooseContext(facts, undefined, 128);
    expect(fitting).toBeLessThan(40_960);
    expect(fitting % 256).toBe(0);
    expect(memoryNeeded(facts, fitting, 128)).toBeLessThanOrEqual(wasmMemoryBytes);
    expect(memoryNeeded(facts, fitting + 256, 128)).toBeGreaterThan(wasmMemoryBytes);
  });

  it.each([
    ['a window that does not fit', facts, 40_960],
    ['weights that do not fit', { ...facts, tensorBytes: 4.2e9 }, undefined],
  ])('refuses %s, with numbers', (_, model, wanted) => {
    const refuse = () => chooseContext(model, wanted, 128);
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
