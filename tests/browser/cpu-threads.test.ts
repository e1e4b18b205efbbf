import { describe, expect, it } from 'vitest';
import { useThreadsProbe } from '../fixtures/cpu-threads-probe';
import { promptOf } from '../fixtures/logit-models';

const threads = useThreadsProbe();

describe('threads that share a model', () => {
  it('end a pass in a failure when one of them has died, and a model can be loaded after', async () => {
    await threads.probe.load('qwen3 Q4_K', 3, true);
    const whole = await threads.probe.logits(promptOf(33));
    const killed = await threads.probe.killedWithin(promptOf(33));
    expect(killed.failure?.kind).toBe('engine-crashed');
    expect(killed.milliseconds).toBeLessThan(4000);
    // It is known by now, and nobody waits again.
    const again = await threads.probe.ended(promptOf(33));
    expect(again.failure?.kind).toBe('engine-crashed');
    expect(again.milliseconds).toBeLessThan(500);
    await threads.probe.load('qwen3 Q4_K', 3, true);
    expect(await threads.probe.logits(promptOf(33))).toEqual(whole);
  });

  it('end a pass at once when one of them cannot go on', async () => {
    await threads.probe.load('qwen3 Q4_K', 2, false);
    const { failure, milliseconds } = await threads.probe.trapped(promptOf(33));
    expect(failure?.kind).toBe('engine-crashed');
    expect(milliseconds).toBeLessThan(1500);
    await threads.probe.load('qwen3 Q4_K', 2, false);
    expect((await threads.probe.ended(promptOf(33))).failure).toBeUndefined();
  });

  it.each(['own', 'shared'] as const)(
    'that cannot start say so, with a memory of the wrong kind: %s',
    async (memory) => {
      const { failure, milliseconds } = await threads.probe.startedWrongly(memory);
      expect(failure?.kind).toBe('workers-unavailable');
      expect(failure?.technical).not.toBe('');
      expect(milliseconds).toBeLessThan(5000);
    },
  );
});
