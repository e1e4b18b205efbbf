import { wrap, type Remote } from 'comlink';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CpuThreadsProbe } from '../fixtures/cpu-threads-probe.worker';
import probeUrl from '../fixtures/cpu-threads-probe.worker?worker&url';
import { promptOf } from '../fixtures/logit-models';

let worker: Worker;
let probe: Remote<CpuThreadsProbe>;

beforeEach(() => {
  worker = new Worker(probeUrl, { type: 'module' });
  probe = wrap<CpuThreadsProbe>(worker);
});
afterEach(() => worker.terminate());

describe('threads that share a model', () => {
  it('end a pass in a failure when one of them has died, and a model can be loaded after', async () => {
    await probe.load('qwen3 Q4_K', 3, true);
    const whole = await probe.logits(promptOf(33));
    const killed = await probe.killedWithin(promptOf(33));
    expect(killed.failure?.kind).toBe('engine-crashed');
    expect(killed.milliseconds).toBeLessThan(4000);
    // It is known by now, and nobody waits again.
    const again = await probe.ended(promptOf(33));
    expect(again.failure?.kind).toBe('engine-crashed');
    expect(again.milliseconds).toBeLessThan(500);
    await probe.load('qwen3 Q4_K', 3, true);
    expect(await probe.logits(promptOf(33))).toEqual(whole);
  });

  it('end a pass at once when one of them cannot go on', async () => {
    await probe.load('qwen3 Q4_K', 2, false);
    const { failure, milliseconds } = await probe.trapped(promptOf(33));
    expect(failure?.kind).toBe('engine-crashed');
    expect(milliseconds).toBeLessThan(1500);
    await probe.load('qwen3 Q4_K', 2, false);
    expect((await probe.ended(promptOf(33))).failure).toBeUndefined();
  });

  it.each(['own', 'shared'] as const)(
    'that cannot start say so, with a memory of the wrong kind: %s',
    async (memory) => {
      const { failure, milliseconds } = await probe.startedWrongly(memory);
      expect(failure?.kind).toBe('workers-unavailable');
      expect(failure?.technical).not.toBe('');
      expect(milliseconds).toBeLessThan(5000);
    },
  );
});
