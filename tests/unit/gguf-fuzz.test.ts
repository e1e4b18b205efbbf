import { describe, expect, it } from 'vitest';
import { FailureError } from '../../src/shared/protocol/failure';
import type { GgufFacts } from '../../src/shared/domain/gguf';
import { checkGguf } from '../../workers/gguf/check-gguf';
import { CountedSource } from '../fixtures/counted-source';
import { GgufBytes } from '../fixtures/gguf-bytes';
import { mulberry32 } from '../../workers/engine/seeded-random';

const ggufKinds: ReadonlySet<string> = new Set([
  'file-not-gguf',
  'file-truncated',
  'file-missing',
  'model-unknown-architecture',
]);
const longestText = 1024 * 1024;
const mostMilliseconds = 250;

/** The kind of the failure, or the facts; everything else than these two, and every bound that is broken, fails the test. */
async function outcome(source: CountedSource, label: string, windowBytes = 256): Promise<string | GgufFacts> {
  const before = performance.now();
  const result = await checkGguf([source], { windowBytes }).catch((error: unknown) => {
    if (!(error instanceof FailureError)) throw new Error(`${label}: ${String(error)}`, { cause: error });
    return error.failure.kind;
  });
  expect(performance.now() - before, `${label}: milliseconds`).toBeLessThan(mostMilliseconds);
  expect(source.bytesRead, `${label}: bytes read`).toBeLessThanOrEqual(2 * source.size);
  expect(source.reads, `${label}: reads`).toBeLessThanOrEqual((2 * source.size) / windowBytes + 2);
  expect(source.largestRead, `${label}: largest read`).toBeLessThanOrEqual(Math.max(windowBytes, longestText));
  if (typeof result === 'string') expect(ggufKinds, label).toContain(result);
  else expectPossible(result, label);
  return result;
}

function expectPossible(facts: GgufFacts, label: string): void {
  const { contextTokens = 0, layers, vocabulary, parameters, tensorBytes, kvBytesPerToken, splitCount } = facts;
  for (const count of [contextTokens, layers, vocabulary, parameters, tensorBytes, kvBytesPerToken, splitCount]) {
    expect(Number.isSafeInteger(count) && count >= 0, `${label}: ${JSON.stringify(facts)}`).toBe(true);
  }
  expect(facts.architecture, label).toMatch(/^[\w.-]+$/);
  for (const text of [facts.name, facts.licence, facts.quantisation])
    expect(text?.length ?? 1, label).toBeGreaterThan(0);
}

/** Small, and with a value of every type, so that a change of any byte reaches another place of the reader. */
const goodHeader = () =>
  new GgufBytes()
    .start(3, 22)
    .textEntry('general.architecture', 'qwen2')
    .textEntry('general.name', 'Tiny')
    .textEntry('general.license', 'mit')
    .numberEntry('general.alignment', 32)
    .numberEntry('general.file_type', 15)
    .numberEntry('qwen2.context_length', 4096)
    .numberEntry('qwen2.embedding_length', 256)
    .numberEntry('qwen2.block_count', 2)
    .numberEntry('qwen2.attention.head_count', 4)
    .entry('qwen2.attention.head_count_kv', 9)
    .u32(5)
    .u64(2)
    .u32(2)
    .u32(2)
    .entry('split.no', 2)
    .u16(0)
    .entry('split.count', 2)
    .u16(1)
    .entry('a.u8', 0)
    .raw('x')
    .entry('a.i8', 1)
    .raw('x')
    .entry('a.i16', 3)
    .u16(1)
    .entry('a.f32', 6)
    .f32(1)
    .entry('a.flag', 7)
    .raw('\x01')
    .entry('a.u64', 10)
    .u64(2n ** 64n - 1n)
    .entry('a.i64', 11)
    .u64(2n ** 64n - 1n)
    .entry('a.f64', 12)
    .u64(0)
    .entry('tokenizer.ggml.tokens', 9)
    .u32(8)
    .u64(3)
    .text('a')
    .text('bc')
    .text('')
    .textEntry('tokenizer.chat_template', '{{ messages }}')
    .tensor('token_embd', [32, 3], 8, 0)
    .tensor('norm', [16], 0, 128)
    .tensor('scalar', [], 1, 192)
    .aligned();
const headerBytes = goodHeader().bytes();
const good = goodHeader().zeros(194).bytes();

const hostileNumbers = [0n, 1n, 2n ** 16n, 2n ** 31n, 2n ** 32n - 1n, 2n ** 40n, 2n ** 53n, 2n ** 63n, 2n ** 64n - 1n];

describe('a small header', () => {
  it('is good to begin with', async () => {
    expect(await outcome(CountedSource.of(good), 'untouched')).toEqual({
      architecture: 'qwen2',
      name: 'Tiny',
      licence: 'mit',
      quantisation: 'Q4_K_M',
      contextTokens: 4096,
      layers: 2,
      vocabulary: 3,
      parameters: 96 + 16 + 1,
      tensorBytes: 102 + 64 + 2,
      kvBytesPerToken: 4 * (64 + 64) * 2,
      perToken: { bytes: 102 + 64 + 2, parameters: 96 + 16 + 1, tiedEmbeddings: true },
      hasChatTemplate: true,
      splitCount: 1,
    });
  });

  it.each([1, 7, 64, 256, 4096])('is the same through a window of %i bytes', async (windowBytes) => {
    const source = CountedSource.of(good);
    expect(await checkGguf([source], { windowBytes })).toEqual(await checkGguf([CountedSource.of(good)]));
    expect(source.bytesRead).toBeLessThanOrEqual(2 * good.length);
  });

  it('is cut off at every byte but the last', async () => {
    for (let length = 0; length < good.length; length += 1) {
      expect(await outcome(CountedSource.of(good.slice(0, length)), `${length} bytes`)).toBe('file-truncated');
    }
  });

  it('survives every bit and every byte', async () => {
    const kinds = new Set<string>();
    for (let at = 0; at < headerBytes.length; at += 1) {
      const changes = [0, 255, ...Array.from({ length: 8 }, (_, bit) => (good[at] ?? 0) ^ (1 << bit))];
      for (const value of changes) {
        const changed = good.slice();
        changed[at] = value;
        const result = await outcome(CountedSource.of(changed), `byte ${at} set to ${value}`);
        kinds.add(typeof result === 'string' ? result : 'facts');
      }
    }
    expect(kinds).toEqual(
      new Set(['facts', 'file-missing', 'file-not-gguf', 'file-truncated', 'model-unknown-architecture']),
    );
  });

  it('survives hostile numbers at every place', async () => {
    for (let at = 4; at < headerBytes.length - 8; at += 1) {
      for (const number of hostileNumbers) {
        const changed = good.slice();
        new DataView(changed.buffer).setBigUint64(at, number, true);
        await outcome(CountedSource.of(changed), `${number} at ${at}`);
      }
    }
  });
});

describe('random changes', () => {
  it.each([1, 2, 3, 4, 5, 6, 7, 8])('end with facts or a named failure (seed %i)', async (seed) => {
    const random = mulberry32(seed);
    const below = (limit: number) => Math.floor(random() * limit);
    for (let attempt = 0; attempt < 750; attempt += 1) {
      let bytes = good.slice();
      for (let change = below(6); change >= 0; change -= 1) {
        const at = below(bytes.length - 8);
        const kind = below(5);
        if (kind === 0) bytes[at] = below(256);
        else if (kind === 1)
          new DataView(bytes.buffer).setBigUint64(at, hostileNumbers[below(hostileNumbers.length)] ?? 0n, true);
        else if (kind === 2) new DataView(bytes.buffer).setUint32(at, below(16), true);
        else {
          // A piece is left out, or is there twice.
          const other = Math.min(bytes.length, at + below(100));
          const [end, start] = kind === 3 ? [at, other] : [other, at];
          bytes = new Uint8Array([...bytes.subarray(0, end), ...bytes.subarray(start)]);
        }
        if (bytes.length < 64) break;
      }
      await outcome(CountedSource.of(bytes), `seed ${seed}, attempt ${attempt}`);
    }
  });

  it.each([11, 12, 13, 14])('of everything behind the magic number end the same way (seed %i)', async (seed) => {
    const random = mulberry32(seed);
    for (let attempt = 0; attempt < 750; attempt += 1) {
      const head = new GgufBytes();
      // Half of them get past the counts, and then into garbage.
      if (random() < 0.5) head.start(Math.floor(random() * 5), Math.floor(random() * 100));
      else head.raw('GGUF');
      const garbage = Uint8Array.from({ length: random() * 3000 }, () => random() * (random() < 0.5 ? 256 : 10));
      const result = await outcome(
        CountedSource.of(new Uint8Array([...head.bytes(), ...garbage])),
        `seed ${seed}, attempt ${attempt}`,
      );
      expect(['file-not-gguf', 'file-truncated']).toContain(result);
    }
  });
});
