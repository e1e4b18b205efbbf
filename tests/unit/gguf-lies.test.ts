import { describe, expect, it } from 'vitest';
import { type Failure, FailureError } from '../../src/shared/protocol/failure';
import type { ByteSource } from '../../workers/gguf/byte-source';
import { checkGguf } from '../../workers/gguf/check-gguf';
import { CountedSource } from '../fixtures/counted-source';
import { GgufBytes } from '../fixtures/gguf-bytes';

async function failureOf(source: ByteSource, limits?: Parameters<typeof checkGguf>[1]): Promise<Failure> {
  try {
    await checkGguf([source], limits);
  } catch (error) {
    if (error instanceof FailureError) return error.failure;
    throw error;
  }
  throw new Error('the header was believed');
}

const named = (entries: number, tensors = 0) =>
  new GgufBytes().start(tensors, entries + 1).textEntry('general.architecture', 'qwen2');
const oneTensor = (dimensions: readonly (bigint | number)[], type = 0, offset: bigint | number = 0) =>
  named(0, 1).tensor('t', dimensions, type, offset);
const alignedBy = (type: number) => named(1).entry('general.alignment', type);

describe('a header that lies', () => {
  const lies: [string, GgufBytes, Failure['kind']][] = [
    ['a billion tensors', new GgufBytes().start(1e9, 0), 'file-not-gguf'],
    ['2^63 tensors', new GgufBytes().start(2n ** 63n, 0), 'file-not-gguf'],
    ['as many tensors as are allowed, all of them nothing', new GgufBytes().start(200_000, 0), 'file-not-gguf'],
    ['minus one entries', new GgufBytes().start(0, 2n ** 64n - 1n), 'file-not-gguf'],
    ['a key of 2^40 bytes', named(1).u64(2n ** 40n), 'file-not-gguf'],
    ['a key of minus one bytes', named(1).u64(2n ** 64n - 1n), 'file-not-gguf'],
    ['a key longer than the file', named(1).u64(4000), 'file-truncated'],
    [
      'a text of 2^63 bytes',
      named(1)
        .entry('a.b', 8)
        .u64(2n ** 63n),
      'file-not-gguf',
    ],
    ['a name longer than the file', named(1).entry('general.name', 8).u64(1_000_000), 'file-truncated'],
    [
      'a list of 2^52 numbers',
      named(1)
        .entry('a.b', 9)
        .u32(10)
        .u64(2n ** 52n),
      'file-truncated',
    ],
    [
      'a list of 2^63 numbers',
      named(1)
        .entry('a.b', 9)
        .u32(0)
        .u64(2n ** 63n),
      'file-not-gguf',
    ],
    [
      'a list of 2^52 texts',
      named(1)
        .entry('a.b', 9)
        .u32(8)
        .u64(2n ** 52n),
      'file-truncated',
    ],
    ['a list of lists', named(1).entry('a.b', 9).u32(9).u64(1).u32(4).u64(1).u32(1), 'file-not-gguf'],
    ['two names', named(2).textEntry('general.name', 'a').textEntry('general.name', 'b'), 'file-not-gguf'],
    ['two architectures', named(1).textEntry('general.architecture', 'llama'), 'file-not-gguf'],
    [
      'two vocabularies',
      named(2).entry('tokenizer.ggml.tokens', 9).u32(8).u64(0).entry('tokenizer.ggml.tokens', 9).u32(8).u64(0),
      'file-not-gguf',
    ],
    ['an alignment that is no number', alignedBy(6).f32(Number.NaN), 'file-not-gguf'],
    ['an alignment without end', alignedBy(6).f32(Number.POSITIVE_INFINITY), 'file-not-gguf'],
    ['a negative alignment', alignedBy(5).u32(2 ** 32 - 32), 'file-not-gguf'],
    ['an alignment of 33', alignedBy(4).u32(33), 'file-not-gguf'],
    ['an alignment of a half', alignedBy(6).f32(0.5), 'file-not-gguf'],
    ['an alignment of 4 GiB', alignedBy(10).u64(2n ** 32n), 'file-not-gguf'],
    ['an alignment in words', alignedBy(8).text('32'), 'file-not-gguf'],
    ['a list of alignments', alignedBy(9).u32(4).u64(1).u32(32), 'file-not-gguf'],
    [
      '2^32 dimensions',
      named(0, 1)
        .text('t')
        .u32(2 ** 32 - 1),
      'file-not-gguf',
    ],
    ['a length of 2^64-1', oneTensor([2n ** 64n - 1n]), 'file-not-gguf'],
    ['a product beyond 64 bits', oneTensor([2n ** 32n, 2n ** 32n, 2n ** 32n]), 'file-not-gguf'],
    ['a product beyond 64 bits of an unknown type', oneTensor([2n ** 32n, 2n ** 32n], 77), 'file-not-gguf'],
    ['rows of no whole number of blocks', oneTensor([16, 16], 12), 'file-not-gguf'],
    ['an offset of 2^64-1', oneTensor([32], 0, 2n ** 64n - 1n), 'file-not-gguf'],
    ['an unaligned offset', oneTensor([32], 0, 33), 'file-not-gguf'],
    ['tensors over each other', named(0, 2).tensor('a', [64], 0, 0).tensor('b', [64], 0, 32), 'file-not-gguf'],
    [
      'sums beyond all numbers',
      named(0, 3)
        .tensor('a', [2n ** 51n], 24, 0)
        .tensor('b', [2n ** 52n], 24, 2n ** 51n)
        .tensor('c', [2n ** 52n], 24, 2n ** 51n + 2n ** 52n),
      'file-not-gguf',
    ],
    ['a tensor beyond the end', oneTensor([32], 0, 2n ** 40n), 'file-truncated'],
    [
      'an architecture with a line break',
      new GgufBytes().start(0, 1).textEntry('general.architecture', 'a\nb'),
      'model-unknown-architecture',
    ],
    [
      'an architecture that is a number',
      new GgufBytes().start(0, 1).numberEntry('general.architecture', 1),
      'file-not-gguf',
    ],
  ];
  it.each(lies)('about %s', async (_, header, kind) => {
    const source = CountedSource.of(new Uint8Array([...header.bytes(), ...new Uint8Array(64)]));
    const { kind: found, technical } = await failureOf(source);
    expect(found, technical).toBe(kind);
    expect(source.bytesRead).toBeLessThanOrEqual(2 * source.size);
  });

  it('about how many texts follow is found out at once, not at the end of a long file', async () => {
    const header = named(1)
      .entry('a.b', 9)
      .u32(8)
      .u64(2n ** 40n);
    const source = CountedSource.endless(header.bytes(), new Uint8Array(8), 4 * 1024 * 1024);
    expect((await failureOf(source, { windowBytes: 1024 })).kind).toBe('file-truncated');
    expect(source.reads).toBe(1);
  });

  it('about thousands of architectures does not fill the memory', async () => {
    const header = named(1000);
    for (let entry = 0; entry < 1000; entry += 1) header.numberEntry(`a${entry}.block_count`, 1);
    expect((await failureOf(CountedSource.of(header.bytes()))).kind).toBe('file-not-gguf');
  });

  it('is believed in what is odd, but possible', async () => {
    const header = named(6, 1)
      .textEntry('general.name', ' A\u0000\n\u202eB ')
      .textEntry('general.license', 'x'.repeat(5000))
      .numberEntry('general.file_type', 4_000_000_000)
      .entry('qwen2.context_length', 11)
      .u64(2n ** 64n - 1n)
      .entry('qwen2.block_count', 6)
      .f32(Number.NaN)
      .entry('tokenizer.ggml.tokens', 9)
      .u32(0)
      .u64(0)
      .tensor('empty', [0, 32], 0, 0);
    // A tensor of nothing begins at the end of the file.
    expect(await checkGguf([CountedSource.of(header.aligned().bytes())])).toEqual({
      architecture: 'qwen2',
      name: 'A B',
      licence: 'x'.repeat(200),
      quantisation: 'F32',
      layers: 0,
      vocabulary: 0,
      parameters: 0,
      tensorBytes: 0,
      kvBytesPerToken: 0,
      perToken: { bytes: 0, parameters: 0, tiedEmbeddings: true },
      hasChatTemplate: false,
      splitCount: 1,
    });
  });
});

describe('a header without an end', () => {
  const limits = { windowBytes: 64 * 1024, headerBytes: 1024 * 1024 };
  const size = 2 ** 45;
  it.each([
    [
      'of empty texts',
      named(1)
        .entry('a.b', 9)
        .u32(8)
        .u64(2n ** 40n),
      new GgufBytes().u64(0),
    ],
    ['of small entries', new GgufBytes().start(0, 199_999), new GgufBytes().entry('a', 4).u32(0)],
    ['of long texts', new GgufBytes().start(0, 199_999), new GgufBytes().entry('a', 8).u64(2 ** 33)],
    ['of small tensors', new GgufBytes().start(199_999, 0), new GgufBytes().tensor('t', [], 24, 0)],
  ])('%s is not read on and on', async (_, head, pattern) => {
    const source = CountedSource.endless(head.bytes(), pattern.bytes(), size);
    expect((await failureOf(source, limits)).kind).toBe('file-not-gguf');
    expect(source.bytesRead).toBeLessThanOrEqual(1.2 * limits.headerBytes);
    expect(source.largestRead).toBeLessThanOrEqual(limits.windowBytes);
  });
});
