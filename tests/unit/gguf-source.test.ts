import { describe, expect, it } from 'vitest';
import { blobSource, type ByteSource, reportingSource } from '../../workers/gguf/byte-source';
import { readGgufFacts } from '../../workers/gguf/check-gguf';
import { blobOf, randomModel, shapes } from '../fixtures/synthetic-gguf';

describe('a source that fails', () => {
  const file = blobOf(randomModel({ shape: { ...shapes.tiny, vocabulary: 2000 }, quantisation: 'Q8_0' }));
  const limits = { windowBytes: 1024 };
  const readsOf = async () => {
    let reads = 0;
    await readGgufFacts(
      reportingSource(blobSource(file), () => (reads += 1)),
      limits,
    );
    return reads;
  };
  /** What the source says instead at its read number `at`. */
  const broken = (at: number, answer: (start: number, end: number) => Promise<Uint8Array<ArrayBuffer>>): ByteSource => {
    const source = blobSource(file);
    let reads = 0;
    return {
      size: source.size,
      read: (start, end) => ((reads += 1) === at ? answer(start, end) : source.read(start, end)),
    };
  };

  it('is heard, whenever it fails', async () => {
    const reads = await readsOf();
    expect(reads).toBeGreaterThan(20);
    for (let at = 1; at <= reads; at += 1) {
      const error = new DOMException('the network went away', 'NetworkError');
      await expect(
        readGgufFacts(
          broken(at, () => Promise.reject(error)),
          limits,
        ),
        `read ${at}`,
      ).rejects.toBe(error);
    }
  });

  it.each([
    ['nothing', () => 0],
    ['one byte less', (asked: number) => asked - 1],
    ['one byte more', (asked: number) => asked + 1],
    ['the whole file', () => file.size],
  ])('by sending %s is a file that is cut off', async (_, sent) => {
    const reads = await readsOf();
    for (let at = 1; at <= reads; at += 1) {
      const source = broken(at, async (start, end) => {
        const bytes = new Uint8Array(sent(end - start));
        bytes.set(new Uint8Array(await file.slice(start, end).arrayBuffer()).subarray(0, bytes.length));
        return bytes;
      });
      await expect(readGgufFacts(source, limits), `read ${at}`).rejects.toMatchObject({
        failure: { kind: 'file-truncated' },
      });
    }
  });

  it('or does not, tells how far it has come', async () => {
    const told: number[] = [];
    const source = reportingSource(blobSource(file), (bytesRead) => told.push(bytesRead));
    await readGgufFacts(source, { windowBytes: 16 * 1024 });
    expect(told.length).toBeGreaterThan(1);
    expect(told[0]).toBe(16 * 1024);
    expect(told).toEqual(told.toSorted((one, other) => one - other));
  });
});
