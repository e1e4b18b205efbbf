// @vitest-environment node
import { beforeAll, describe, expect, it } from 'vitest';
import { compileKernels } from '../../workers/engine/cpu/kernels';
import { valuesOf, blockValues } from '../fixtures/ggml-values';
import { type TensorType, tensorTypes } from '../fixtures/gguf-writer';
import {
  computed,
  edgeProducts,
  instanceOf,
  type KernelInstance,
  multiplied,
  multipliedPlainly,
  nameOf,
} from '../fixtures/kernel-products';
import { randomBlocks } from '../fixtures/random-blocks';

let instance: KernelInstance;

beforeAll(async () => {
  const { module } = await compileKernels(false);
  instance = await instanceOf(module, false);
});

describe.each(computed)('a matrix of %s', (type) => {
  it('multiplies as its definition says, at every edge of tiles, rows and blocks', async () => {
    for (const product of edgeProducts(type)) {
      const found = await multiplied(instance, product);
      const { values, sizes } = multipliedPlainly(product);
      for (const [index, value] of found.entries()) {
        const error = Math.abs(value - (values[index] ?? 0));
        // Integers are exact, floats have 24 bits; the longest sums here have some hundreds of terms.
        expect(error, `${nameOf(product)}, number ${index}`).toBeLessThanOrEqual(1e-6 * (sizes[index] ?? 0));
      }
    }
  });

  it('loses no more by rounding the tokens than eight bits have to', async () => {
    const product = { type, rows: 32, columns: 768, tokens: 4 };
    const found = await multiplied(instance, product);
    const { unrounded } = multipliedPlainly(product);
    let error = 0;
    let size = 0;
    for (const [index, value] of unrounded.entries()) {
      error += ((found[index] ?? 0) - value) ** 2;
      size += value ** 2;
    }
    const most = { 1: 1e-6, 32: 0.02, 256: 0.05 }[blockValues(type)];
    expect(Math.sqrt(error / size)).toBeLessThan(most ?? 0);
  });

  it('gives back each of its rows', () => {
    const { kernels, memory } = instance;
    const [columns, rows] = [512, 8];
    const bytes = randomBlocks(type, columns * rows, 1, 5);
    const [from, to, row] = [1, 2, 3].map((megabytes) => megabytes * 1024 ** 2) as [number, number, number];
    new Uint8Array(memory.buffer, from).set(bytes);
    kernels.packRows(tensorTypes[type], columns, from, rows / 4, to);
    const values = valuesOf(type, bytes);
    for (let index = 0; index < rows; index += 1) {
      kernels.readRow(tensorTypes[type], to, columns, index, row);
      const found = new Float32Array(memory.buffer, row, columns);
      for (const [column, value] of found.entries()) {
        const expected = values[index * columns + column] ?? Number.NaN;
        expect(Math.abs(value - expected), `row ${index}, column ${column}`).toBeLessThanOrEqual(1e-6);
      }
    }
  });
});

describe('activations', () => {
  const quantized = (block: number, values: Float32Array): readonly number[] => {
    const { kernels, memory } = instance;
    const [from, to] = [1024 ** 2, 2 * 1024 ** 2];
    new Float32Array(memory.buffer, from).set(values);
    kernels.quantize(block, from, to, values.length);
    // The fixed build keeps sixteen bits, the relaxed one eight.
    const bytes = kernels.activationBytes(32, 32) - 8;
    const list =
      bytes === 32 ? new Int8Array(memory.buffer, to, values.length) : new Int16Array(memory.buffer, to, values.length);
    return [...list];
  };

  it.each([32, 256])('that are nothing stay nothing in blocks of %i', (block) => {
    expect(quantized(block, new Float32Array(block))).toEqual(new Array(block).fill(0));
  });

  it.each([32, 256])('are rounded to the nearest, ties to even, in blocks of %i', (block) => {
    const values = new Float32Array(block);
    values.set([127, -127, 0.5, 1.5, -0.5, -1.5, 2.49, 126.51]);
    expect(quantized(block, values).slice(0, 8)).toEqual([127, -127, 0, 2, 0, -2, 2, 127]);
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY])('that hold %d become bytes all the same', (hostile) => {
    for (const type of ['Q8_0', 'Q4_K'] satisfies TensorType[]) {
      const values = new Float32Array(blockValues(type)).fill(1);
      values[3] = hostile;
      const list = quantized(blockValues(type), values);
      for (const value of list) expect(Math.abs(value)).toBeLessThanOrEqual(127);
    }
  });
});
