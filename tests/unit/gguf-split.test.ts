import { describe, expect, it } from 'vitest';
import { type Failure, FailureError } from '../../src/shared/protocol/failure';
import { contentSource } from '../../workers/gguf/byte-source';
import { checkGguf, checkParts } from '../../workers/gguf/check-gguf';
import { GgufBytes } from '../fixtures/gguf-bytes';

async function failureOf(files: readonly Blob[]): Promise<Failure> {
  try {
    await checkGguf(files);
  } catch (error) {
    if (error instanceof FailureError) return error.failure;
    throw error;
  }
  throw new Error('the check let it pass');
}

interface PartPlan {
  readonly no?: number;
  readonly count?: number;
  readonly tensors?: number;
  readonly architecture?: string;
}

/** As `llama-gguf-split` writes them, but for the types of the numbers: only the first part has a description. */
function part({ no, count, tensors, architecture = no === 0 ? 'qwen2' : undefined }: PartPlan): Blob {
  const split = Object.entries({ 'split.no': no, 'split.count': count, 'split.tensors.count': tensors });
  const entries = split.filter((entry): entry is [string, number] => entry[1] !== undefined);
  const bytes = new GgufBytes().start(1, entries.length + (architecture === undefined ? 0 : 1));
  for (const [key, value] of entries) bytes.numberEntry(key, value);
  if (architecture !== undefined) bytes.textEntry('general.architecture', architecture);
  return bytes
    .tensor(`t${no ?? ''}`, [32, 10], 8, 0)
    .aligned()
    .blob(340);
}

const parts = (count: number, tensors?: number) =>
  Array.from({ length: count }, (_, no) => part({ no, count, ...(tensors !== undefined && { tensors }) }));

describe('a model in several files', () => {
  it('is the sum of its parts, in whatever order they are given', async () => {
    const [first, second, third] = parts(3, 3);
    if (!first || !second || !third) throw new Error('three parts were made');
    const { facts, files } = await checkParts([third, first, second]);
    expect(facts).toMatchObject({
      architecture: 'qwen2',
      splitCount: 3,
      parameters: 960,
      tensorBytes: 1020,
      quantisation: 'Q8_0',
    });
    expect(files.map((file) => [first, second, third].indexOf(file))).toEqual([0, 1, 2]);
  });

  it('may be given as sources, or as both', async () => {
    const [first, second] = parts(2);
    if (!first || !second) throw new Error('two parts were made');
    expect(await checkGguf([contentSource(first), second])).toMatchObject({ splitCount: 2, parameters: 640 });
  });

  it('in one file has a count of 1, or none, or 0', async () => {
    for (const count of [1, 0]) expect((await checkGguf([part({ no: 0, count })])).splitCount).toBe(1);
    expect((await checkGguf([part({ architecture: 'llama' })])).splitCount).toBe(1);
  });

  it.each<[string, readonly Blob[]]>([
    ['no file', []],
    ['parts that are not there', parts(3).slice(0, 2)],
    ['the first part missing', parts(3).slice(1)],
    ['a count of 65535 with two files', [0, 1].map((no) => part({ no, count: 65_535 }))],
    ['the same part twice', [part({ no: 0, count: 2 }), part({ no: 0, count: 2 })]],
    ['all parts, and one of them twice', [...parts(2), part({ no: 1, count: 2 })]],
    ['parts of splits of different counts', [part({ no: 0, count: 2 }), part({ no: 1, count: 3 })]],
    ['a whole model beside a part', [part({ no: 0, count: 2 }), part({ architecture: 'llama' })]],
    ['two whole models', [part({ architecture: 'llama' }), part({ architecture: 'llama' })]],
    ['more tensors than are stated', parts(2, 1)],
    ['fewer tensors than are stated', parts(2, 99)],
  ])('is incomplete with %s', async (_, files) => {
    expect((await failureOf(files)).kind).toBe('file-missing');
  });

  it.each<[string, Blob]>([
    ['a number beyond the count', part({ no: 2, count: 2 })],
    ['a number without a count', part({ no: 2 })],
    ['a count of 0 and a number', part({ no: 1, count: 0 })],
    [
      'a count in words',
      new GgufBytes().start(0, 2).textEntry('general.architecture', 'a').textEntry('split.count', 'two').blob(),
    ],
    [
      'a count that is no number',
      new GgufBytes().start(0, 2).textEntry('general.architecture', 'a').entry('split.count', 6).f32(Number.NaN).blob(),
    ],
    [
      'a negative number',
      new GgufBytes()
        .start(0, 2)
        .textEntry('general.architecture', 'a')
        .entry('split.no', 5)
        .u32(2 ** 32 - 1)
        .blob(),
    ],
  ])('does not contradict itself: %s', async (_, file) => {
    expect((await failureOf([file, ...parts(2)])).kind).toBe('file-not-gguf');
  });
});

describe('the kind of quantisation', () => {
  const model = (fileType: number | undefined, types: readonly number[]) => {
    const bytes = new GgufBytes().start(types.length, fileType === undefined ? 1 : 2);
    bytes.textEntry('general.architecture', 'llama');
    if (fileType !== undefined) bytes.numberEntry('general.file_type', fileType);
    for (const [index, type] of types.entries()) bytes.tensor(`t${index}`, [256, 2 - (index % 2)], type, index * 2048);
    return bytes.aligned().blob(types.length * 2048);
  };
  it.each<[string | undefined, string, number | undefined, readonly number[]]>([
    ['Q4_K_M', 'what the file says', 15, [0]],
    ['Q4_K_M', 'a guess of llama.cpp', 1024 + 15, [0]],
    ['Q8_0', 'the type of most weights', undefined, [8, 0]],
    ['Q6_K', 'the type of most weights, where the number is unknown', 999, [14, 8]],
    [undefined, 'unknown, where the type is', undefined, [77]],
    [undefined, 'unknown, where nothing is there', undefined, []],
  ])('%s is %s', async (name, _, fileType, types) => {
    expect((await checkGguf([model(fileType, types)])).quantisation).toBe(name);
  });
});
