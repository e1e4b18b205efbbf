import { describe, expect, it } from 'vitest';
import { FailureError, type Failure } from '../../src/shared/protocol/failure';
import { checkGguf } from '../../workers/gguf/check-gguf';
import { GgufBytes } from '../fixtures/gguf-bytes';
import { scriptedModel } from '../fixtures/scripted-gguf';
import { blobOf, randomModel, shapes } from '../fixtures/synthetic-gguf';

const tiny = () => blobOf(randomModel({ shape: shapes.tiny, quantisation: 'Q8_0' }));

async function failureOf(files: Blob | readonly Blob[]): Promise<Failure> {
  try {
    await checkGguf(files instanceof Blob ? [files] : files);
  } catch (error) {
    if (error instanceof FailureError) return error.failure;
    throw error;
  }
  throw new Error('the check let it pass');
}

describe('the facts of a good file', () => {
  it('are read from its header', async () => {
    expect(await checkGguf([tiny()])).toEqual({
      architecture: 'qwen2',
      name: 'Synthetic Q8_0',
      contextTokens: 4096,
      layers: 2,
      vocabulary: 512,
      parameters: 919_808,
      tensorBytes: expect.any(Number),
      // Two layers, two heads of 64 for keys and for values, two bytes each.
      kvBytesPerToken: 2 * 2 * (64 + 64) * 2,
      // The output layer is the table of embeddings: all of it is read for every token.
      perToken: { bytes: expect.any(Number), parameters: 919_808, tiedEmbeddings: true },
      hasChatTemplate: true,
      quantisation: 'Q8_0',
      splitCount: 1,
    });
  });

  it('count keys and values only of layers that keep them', async () => {
    const hybrid = await checkGguf([blobOf(randomModel({ shape: shapes.tinyQwen35, quantisation: 'Q8_0' }))]);
    // One of four layers.
    expect(hybrid).toMatchObject({ layers: 4, kvBytesPerToken: 2 * (64 + 64) * 2 });
  });

  it.each(['F32', 'F16', 'Q4_0', 'Q8_0', 'Q4_K', 'Q5_K', 'Q6_K', 'Q4_K_M'] as const)(
    'count the bytes of %s to the last',
    async (quantisation) => {
      const file = blobOf(randomModel({ shape: shapes.tiny, quantisation }));
      expect((await checkGguf([file])).tensorBytes).toBeLessThan(file.size);
      expect((await failureOf(file.slice(0, -1))).kind).toBe('file-truncated');
    },
  );

  it('tell when there is no chat template', async () => {
    const file = blobOf(randomModel({ shape: shapes.tiny, quantisation: 'F32', chatTemplate: null }));
    expect((await checkGguf([file])).hasChatTemplate).toBe(false);
  });

  it('are found behind a vocabulary larger than the reading window', async () => {
    const shape = { ...shapes.tiny, vocabulary: 60_000 };
    expect(await checkGguf([blobOf(randomModel({ shape, quantisation: 'Q4_K' }))])).toMatchObject({
      vocabulary: 60_000,
      hasChatTemplate: true,
    });
  });

  it('cost a few slices, not the file', async () => {
    const file = blobOf(randomModel({ shape: shapes.guide, quantisation: 'F32' }));
    let read = 0;
    const slice = file.slice.bind(file);
    file.slice = (start, end) => {
      read += (end ?? file.size) - (start ?? 0);
      return slice(start, end);
    };
    await checkGguf([file]);
    expect(read).toBeLessThan(file.size / 10);
  });
});

describe('a file that is not what it should be', () => {
  it('is refused at every length it may have been cut to', async () => {
    const file = blobOf(scriptedModel({ answer: ['Hello'] }));
    for (const length of [0, 3, 4, 10, 23, 24, 25, 100, 1000, 5000, 8000, file.size >> 1, file.size - 1]) {
      expect((await failureOf(file.slice(0, length))).kind, `${length} bytes`).toBe('file-truncated');
    }
  });

  it('says how long it should be', async () => {
    const file = tiny();
    const { numbers } = await failureOf(file.slice(0, -100));
    expect(numbers).toEqual({ neededBytes: file.size, availableBytes: file.size - 100 });
  });

  it.each([
    ['text', new Blob(['<!doctype html><p>Not found'])],
    ['a letter', new Blob(['x'])],
    ['zeros', new Blob([new Uint8Array(4096)])],
    ['version 1', new GgufBytes().start(0, 0, 1).blob(64)],
    ['a big-endian file', new GgufBytes().raw('GGUF').u32(0x03000000).u64(0).u64(0).blob(64)],
    ['a file without metadata', new GgufBytes().start(0, 0).blob(64)],
    ['an endless count of entries', new GgufBytes().start(0, 2n ** 60n).blob(1000)],
    ['a count of tensors beyond all numbers', new GgufBytes().start(2n ** 64n - 1n, 0).blob(1000)],
    [
      'a name of gigabytes',
      new GgufBytes()
        .start(0, 1)
        .u64(2n ** 31n)
        .blob(1000),
    ],
    ['a value of no type', new GgufBytes().start(0, 1).text('a.b').u32(99).blob(1000)],
    ['lists in lists', new GgufBytes().start(0, 1).text('a.b').u32(9).u32(9).u64(4).blob(1000)],
    ['a tensor of too many dimensions', new GgufBytes().start(1, 0).text('t').u32(1_000_000).blob(1000)],
    [
      'a tensor of endless size',
      new GgufBytes()
        .start(1, 0)
        .text('t')
        .u32(4)
        .u64(2n ** 50n)
        .u64(2n ** 50n)
        .u64(2n ** 50n)
        .u64(2n ** 50n)
        .u32(0)
        .u64(0)
        .blob(1000),
    ],
    [
      'a tensor at an endless offset',
      new GgufBytes()
        .start(1, 0)
        .text('t')
        .u32(1)
        .u64(32)
        .u32(0)
        .u64(2n ** 53n)
        .blob(1000),
    ],
    [
      'a row that is no whole number of blocks',
      new GgufBytes().start(1, 0).text('t').u32(1).u64(33).u32(8).u64(0).blob(1000),
    ],
    ['an alignment of nothing', new GgufBytes().start(0, 1).text('general.alignment').u32(4).u32(0).blob(1000)],
  ])('is no GGUF: %s', async (_, file) => {
    expect((await failureOf(file)).kind).toBe('file-not-gguf');
  });

  it.each([
    [
      'a text longer than the file',
      new GgufBytes()
        .start(0, 1)
        .text('general.name')
        .u32(8)
        .u64(2n ** 40n)
        .blob(1000),
    ],
    [
      'a list longer than the file',
      new GgufBytes()
        .start(0, 1)
        .text('a.b')
        .u32(9)
        .u32(4)
        .u64(2n ** 40n)
        .blob(1000),
    ],
    [
      'a list of texts longer than the file',
      new GgufBytes()
        .start(0, 1)
        .text('a.b')
        .u32(9)
        .u32(8)
        .u64(2n ** 40n)
        .blob(100_000),
    ],
    [
      'a tensor longer than the file',
      new GgufBytes()
        .start(1, 0)
        .text('t')
        .u32(1)
        .u64(2n ** 30n)
        .u32(0)
        .u64(0)
        .blob(1000),
    ],
    [
      'a tensor of an unknown type that begins behind it',
      new GgufBytes().start(1, 0).text('t').u32(1).u64(32).u32(77).u64(6400).blob(1000),
    ],
  ])('is cut off: %s', async (_, file) => {
    const before = performance.now();
    expect((await failureOf(file)).kind).toBe('file-truncated');
    expect(performance.now() - before).toBeLessThan(1000);
  });

  it.each([7, 99, 1234])('never makes the check crash, whatever bytes are changed (%i)', async (seed) => {
    const good = new Uint8Array(await blobOf(scriptedModel({ answer: ['Hello'] })).arrayBuffer());
    let state = seed;
    const random = (below: number) => (state = (Math.imul(state, 1103515245) + 12345) >>> 0) % below;
    for (let attempt = 0; attempt < 150; attempt += 1) {
      const bytes = good.slice();
      for (let change = 0; change < 4; change += 1) bytes[random(9000)] = random(256);
      await checkGguf([new Blob([bytes])]).catch((error: unknown) => expect(error).toBeInstanceOf(FailureError));
    }
  });
});

describe('a model that cannot be run', () => {
  it.each([
    ['clip', 'projector-alone'],
    ['bert', 'model-unknown-architecture'],
  ])('is one of the kind %s', async (architecture, kind) => {
    const file = blobOf(randomModel({ shape: shapes.tiny, quantisation: 'F32', architecture }));
    expect((await failureOf(file)).kind).toBe(kind);
  });
});
