/** Texts as directions, from the page through the engine worker, by the Guide. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import engineWorkerUrl from '../../workers/engine.worker.ts?worker&url';
import type { Pooling } from '../../src/shared/protocol/engine';
import { startWorker } from '../../src/shared/platform/trusted-worker';
import { EngineClient } from '../../src/engine/engine-client';
import { guide } from '../../src/models/shelf/guide';
import { failureOf, valueOf } from '../fixtures/outcomes';

const client = new EngineClient(() => startWorker(engineWorkerUrl, 'engine'));

beforeAll(async () => {
  if (guide.source.kind !== 'built-in') throw new Error('the Guide is built in');
  const weights = await (await fetch(`/${guide.source.path}`)).blob();
  valueOf(await client.load({ modelId: 'guide', engine: 'cpu', files: [weights], contextTokens: 1024 }));
});
afterAll(() => client.terminate());

const embed = async (texts: readonly string[], pooling?: Pooling): Promise<readonly Float32Array[]> =>
  valueOf(await client.embed({ jobId: 'embed', texts, ...(pooling && { pooling }) }));
const cosine = (a: Float32Array | undefined, b: Float32Array | undefined): number =>
  [...(a ?? [])].reduce((sum, value, index) => sum + value * (b?.[index] ?? 0), 0);

describe('texts', () => {
  it('become a vector of length 1 each, in their order, and the same again', async () => {
    const texts = ['How do I delete a chat?', '如何删除对话？', 'x'.repeat(300)];
    const vectors = await embed(texts);
    expect(vectors).toHaveLength(3);
    for (const vector of vectors) expect(cosine(vector, vector)).toBeCloseTo(1, 5);
    expect(await embed(texts.toReversed())).toEqual(vectors.toReversed());
    expect(cosine((await embed(texts.slice(0, 1), 'last'))[0], vectors[0])).toBeLessThan(0.99);
    expect(await embed([])).toEqual([]);
  });

  it('of one meaning lie nearer to each other than texts of another', async () => {
    const [one, same, other] = await embed([
      'How do I delete a chat?',
      'How can I remove a chat?',
      'What does quantization of weights mean?',
    ]);
    expect(cosine(one, same)).toBeGreaterThan(cosine(one, other));
  });

  it('that the window does not hold, or that are none, are named', async () => {
    const long = await client.embed({ jobId: 'embed', texts: ['word and '.repeat(2000)] });
    expect(failureOf(long)).toMatchObject({ kind: 'context-exceeded', numbers: { contextTokens: 1024 } });
    expect(failureOf(long).numbers?.promptTokens).toBeGreaterThan(1024);
    for (const texts of ['a text', [7], [null]] as unknown as readonly string[][])
      expect(failureOf(await client.embed({ jobId: 'embed', texts })).kind).toBe('request-invalid');
  });

  it('can be stopped at any moment, and leave what was read of a conversation', async () => {
    const turns = [{ role: 'user', content: 'Is Sotto private? '.repeat(60) }] as const;
    const ask = async (): Promise<number> => {
      const sampling = { temperature: 0, maxTokens: 4 };
      return valueOf(await client.generate({ jobId: 'ask', turns, sampling }, () => undefined)).figures.promptTokens;
    };
    expect(await ask()).toBeGreaterThan(100);
    const work = client.embed({ jobId: 'many', texts: new Array<string>(2000).fill('Is Sotto private? '.repeat(100)) });
    // In the middle of it, of which nothing tells.
    await new Promise((resolve) => setTimeout(resolve, 150));
    const cancelledAt = performance.now();
    void client.cancel('many');
    expect(failureOf(await work).kind).toBe('cancelled');
    expect(performance.now() - cancelledAt).toBeLessThan(550);
    expect(await ask()).toBe(1);
  });
});

describe('an engine that cannot', () => {
  it('says so, and so does none', async () => {
    const other = new EngineClient(() => startWorker(engineWorkerUrl, 'engine'));
    expect(failureOf(await other.embed({ jobId: 'embed', texts: ['a'] })).kind).toBe('model-not-loaded');
    valueOf(await other.load({ modelId: 's', engine: 'scripted', files: [], script: { answers: [] } }));
    expect(failureOf(await other.embed({ jobId: 'embed', texts: ['a'] })).kind).toBe('embedding-unsupported');
    other.terminate();
  });
});
