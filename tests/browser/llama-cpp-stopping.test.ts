/** Stopping llama.cpp, which promises a time. */
import { describe, expect, it } from 'vitest';
import type { ChatTurn } from '../../src/shared/protocol/engine';
import { valueOf } from '../fixtures/outcomes';
import { LlamaCppProbes } from '../fixtures/llama-cpp-probe';
import { scriptedModel } from '../fixtures/scripted-gguf';
import { blobOf, randomModel, shapes } from '../fixtures/synthetic-gguf';

const question: ChatTurn[] = [{ role: 'user', content: 'Hello?' }];
const hello = () => blobOf(scriptedModel({ answer: ['Hello'] }));
const looping = () => blobOf(scriptedModel({ answer: ['one ', 'two ', 'three '], then: 'repeat' }));

const probes = new LlamaCppProbes();

describe('stopping', () => {
  it('ends an answer at once, and the next one is whole', async () => {
    const probe = await probes.startWith(looping(), { contextTokens: 4096 });
    const answer = valueOf(await probe.generate({ turns: question }, 5));
    expect(answer).toMatchObject({ finishReason: 'cancelled', tokens: ['one ', 'two ', 'three ', 'one ', 'two '] });
    expect(answer.cancelMilliseconds).toBeLessThan(200);
    const next = valueOf(await probe.generate({ turns: question, sampling: { temperature: 0, maxTokens: 4 } }));
    expect(next.text).toBe('one two three one ');
  });

  it('ends the reading of a long prompt at once', async () => {
    const probe = await probes.startWith(blobOf(randomModel({ shape: shapes.guide, quantisation: 'F16' })), {
      contextTokens: 2048,
    });
    const pending = probe.generate({ turns: [{ role: 'user', content: 'x'.repeat(1900) }] });
    // In the middle of it, of which this probe tells nothing before the end.
    await new Promise((resolve) => setTimeout(resolve, 100));
    await probe.abort();
    const answer = valueOf(await pending);
    expect(answer).toMatchObject({ finishReason: 'cancelled', tokens: [] });
    expect(answer.cancelMilliseconds).toBeLessThan(200);
    expect(valueOf(await probe.generate({ turns: question, sampling: { maxTokens: 2 } })).finishReason).toBe('length');
  });

  it('before the start generates nothing', async () => {
    const probe = await probes.startWith(hello());
    expect(valueOf(await probe.generate({ turns: question }, 0))).toMatchObject({
      finishReason: 'cancelled',
      tokens: [],
    });
    expect(valueOf(await probe.generate({ turns: question })).text).toBe('Hello');
  });
});
