/** What threads of the CPU engine compute together. */
import { describe, expect, it } from 'vitest';
import { useThreadsProbe } from '../fixtures/cpu-threads-probe';
import { logitModels, promptOf } from '../fixtures/logit-models';

const threads = useThreadsProbe();

it('the page is isolated: otherwise threads could share no memory', () => {
  expect(crossOriginIsolated).toBe(true);
});

describe('threads that share a model', () => {
  it.each([...logitModels.keys()])('come to the same bits however many they are: %s', async (name) => {
    for (const byteCache of [false, true]) {
      const found: Float32Array[] = [];
      for (const count of [1, 2, 4]) {
        await threads.probe.load(name, count, byteCache);
        for (const length of [1, 33, 257]) found.push(await threads.probe.logits(promptOf(length)));
      }
      const [one, two, four] = [0, 3, 6].map((at) => found.slice(at, at + 3));
      expect(two).toEqual(one);
      expect(four).toEqual(one);
    }
  });
});
