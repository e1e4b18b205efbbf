import { describe, expect, it } from 'vitest';
import { contentSource, type ByteSource } from '../../workers/gguf/byte-source';
import { checkGguf } from '../../workers/gguf/check-gguf';
import { CountedSource } from '../fixtures/counted-source';
import { blobOf, randomModel, shapes } from '../fixtures/synthetic-gguf';

describe('a source that fails', () => {
  const file = blobOf(randomModel({ shape: { ...shapes.tiny, vocabulary: 2000 }, quantisation: 'Q8_0' }));
  const limits = { windowBytes: 1024 };
  const readsOf = async () => {
    const source = CountedSource.of(new Uint8Array(await file.arrayBuffer()));
    await checkGguf([source], limits);
    return source.reads;
  };
  /** What the source says instead at its read number `at`. */
  const broken = (at: number, answer: (start: number, end: number) => Promise<Uint8Array<ArrayBuffer>>): ByteSource => {
    const source = contentSource(file);
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
      await expect(checkGguf([broken(at, () => Promise.reject(error))], limits), `read ${at}`).rejects.toBe(error);
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
      await expect(checkGguf([source], limits), `read ${at}`).rejects.toMatchObject({
        failure: { kind: 'file-truncated' },
      });
    }
  });
});
