import { describe, expect, it } from 'vitest';
import type { ChatTurn } from '../../src/shared/protocol/engine';
import type { EngineLoad } from '../../workers/engine/engine';
import { broken } from '../fixtures/chat-templates';
import { failureOf, valueOf } from '../fixtures/outcomes';
import { LlamaCppProbes, loadRequest } from '../fixtures/llama-cpp-probe';
import { scriptedModel } from '../fixtures/scripted-gguf';
import { blobOf, randomModel, shapes } from '../fixtures/synthetic-gguf';

const question: ChatTurn[] = [{ role: 'user', content: 'Hello?' }];
const good = () => blobOf(scriptedModel({ answer: ['Hello'] }));

const probes = new LlamaCppProbes();

describe('a load', () => {
  it('tells what was really loaded', async () => {
    const probe = probes.start();
    const loaded = valueOf(await probe.load(loadRequest(good(), { contextTokens: 600, threads: 2 })));
    expect(loaded).toMatchObject({
      modelId: 'synthetic',
      engine: 'llama.cpp',
      backend: 'cpu',
      threads: (await probe.isolated) ? 2 : 1,
      // llama.cpp rounds up to a multiple of 256.
      contextTokens: 768,
      engineVersion: expect.stringMatching(/^wllama 3\.13\.0 \(llama\.cpp b\d+-\w+\)$/),
    });
    const failure = failureOf(await probe.generate({ turns: [{ role: 'user', content: 'x'.repeat(900) }] }));
    expect(failure.numbers?.contextTokens).toBe(768);
  });

  it('tells how far it has come', async () => {
    const file = blobOf(randomModel({ shape: shapes.guide, quantisation: 'F32' }));
    const probe = probes.start();
    valueOf(await probe.load(loadRequest(file)));
    const progress = await probe.loadProgress();
    expect(progress.length).toBeGreaterThan(8);
    expect(progress.every(([, total]) => total === file.size)).toBe(true);
    const loaded = progress.map(([bytes]) => bytes);
    expect(loaded).toEqual(loaded.toSorted((a, b) => a - b));
    expect([loaded[0], loaded.at(-1)]).toEqual([0, file.size]);
  });

  it("takes the model's own window when none is asked for", async () => {
    const probe = probes.start();
    expect(
      valueOf(await probe.load({ modelId: 'a', engine: 'llama.cpp', files: [{ path: '0', content: good() }] }))
        .contextTokens,
    ).toBe(4096);
  });

  it('works with one thread where the page is not isolated', async () => {
    const probe = probes.start('not-isolated');
    expect(valueOf(await probe.load(loadRequest(good(), { threads: 4 }))).threads).toBe(1);
    expect(valueOf(await probe.generate({ turns: question })).text).toBe('Hello');
  });

  it('replaces the model before it', async () => {
    const probe = probes.start();
    valueOf(await probe.load(loadRequest(good())));
    valueOf(await probe.load(loadRequest(blobOf(scriptedModel({ answer: ['Bonjour'] })))));
    expect(valueOf(await probe.generate({ turns: question })).text).toBe('Bonjour');
    expect(await probe.living()).toBe(1);
  });

  it('of several files gives one model', async () => {
    const file = good();
    const probe = probes.start();
    // wllama takes one Blob as one file; a Blob of pieces, as the weights store keeps them, is one too.
    const half = file.size >> 1;
    valueOf(await probe.load(loadRequest(new Blob([file.slice(0, half), file.slice(half)]))));
    expect(valueOf(await probe.generate({ turns: question })).text).toBe('Hello');
  });

  it('never touches the GPU', async () => {
    const probe = probes.start();
    valueOf(await probe.load(loadRequest(good(), { threads: 2 })));
    valueOf(await probe.generate({ turns: question }));
    expect(await probe.gpuTouches()).toBe(0);
    // Without this the count above would prove nothing.
    expect(await probe.gpuTouchesOfDefaultLoad(good())).toBeGreaterThan(0);
  });
});

describe('a file that is no usable model', () => {
  type Broken = [string, () => Blob | Promise<Blob>, string, Partial<EngineLoad>?];
  const unusable: Broken[] = [
    ['is empty', () => new Blob([]), 'file-truncated'],
    ['is text', () => new Blob(['<!doctype html><title>404</title>'.repeat(99)]), 'file-not-gguf'],
    ['is cut in its header', () => good().slice(0, 3000), 'file-truncated'],
    ['is cut by one byte', () => good().slice(0, -1), 'file-truncated'],
    [
      'has an unknown architecture',
      () => blobOf(randomModel({ shape: shapes.tiny, quantisation: 'F32', architecture: 'martian' })),
      'model-unknown-architecture',
    ],
    ['lacks tensors', lackingTensors, 'model-unknown-architecture'],
    ...['{% if %}', broken, '{{ messages | }}', "{{ 'no end }}", '{% endfor %}'].map((chatTemplate): Broken => [
      `has the template ${chatTemplate}, which cannot be read`,
      () => blobOf(scriptedModel({ answer: ['Hello'], chatTemplate })),
      'model-template-broken',
    ]),
    ['needs more memory than there can be', good, 'model-too-large', { contextTokens: 2 ** 24 }],
  ];
  it.each(unusable)('%s: a failure that says so', async (_, file, kind, more) => {
    const probe = probes.start();
    const failure = failureOf(await probe.load(loadRequest(await file(), more)));
    expect(failure, failure.technical).toMatchObject({ kind });
    expect(await probe.living()).toBe(0);
    // The same engine then takes a good one.
    valueOf(await probe.load(loadRequest(good())));
    expect(valueOf(await probe.generate({ turns: question })).text).toBe('Hello');
  });

  it('says how much is missing', async () => {
    const failure = failureOf(await probes.start().load(loadRequest(good(), { contextTokens: 2 ** 24 })));
    expect(failure.numbers?.neededBytes).toBeGreaterThan(failure.numbers?.availableBytes ?? Infinity);
  });
});

/** Renames a tensor in place: everything adds up, but the model is not what its architecture needs. */
async function lackingTensors(): Promise<Blob> {
  const bytes = new Uint8Array(await good().arrayBuffer());
  const header = new TextDecoder('latin1').decode(bytes.subarray(0, 20_000));
  bytes.set(new TextEncoder().encode('ffn_gone'), header.indexOf('ffn_down'));
  return new Blob([bytes]);
}

describe('an abort of a load', () => {
  it.each([0, 1, 5, 20, 60, 120, 250, 400, 700])(
    'after %i ms ends it soon and leaves nothing behind',
    async (milliseconds) => {
      const probe = probes.start();
      const pending = probe.load(
        loadRequest(blobOf(randomModel({ shape: shapes.guide, quantisation: 'F32' })), { threads: 2 }),
      );
      await new Promise((resolve) => setTimeout(resolve, milliseconds));
      const abortedAt = performance.now();
      await probe.abort();
      const outcome = await pending;
      if (outcome.ok) {
        // It was faster than the abort.
        await probe.unload();
      } else {
        expect(outcome.failure.technical).toContain('AbortError');
        // Milliseconds on a quiet machine; the limit is for one that is busy with other tests.
        expect(performance.now() - abortedAt).toBeLessThan(3000);
      }
      await expect.poll(() => probe.living(), { timeout: 10_000 }).toBe(0);
      valueOf(await probe.load(loadRequest(good())));
      expect(valueOf(await probe.generate({ turns: question })).text).toBe('Hello');
    },
  );
});

describe('unloading', () => {
  it('ends a running answer instead of leaving it pending', async () => {
    const probe = probes.start();
    valueOf(
      await probe.load(
        loadRequest(blobOf(scriptedModel({ answer: ['one ', 'two '], then: 'repeat' })), { contextTokens: 4096 }),
      ),
    );
    const pending = probe.generate({ turns: question });
    // In the middle of it, of which this probe tells nothing before the end.
    await new Promise((resolve) => setTimeout(resolve, 150));
    valueOf(await probe.unload());
    expect(failureOf(await pending).kind).toBe('model-not-loaded');
    expect(failureOf(await probe.generate({ turns: question })).kind).toBe('model-not-loaded');
    expect(await probe.living()).toBe(0);
  });
});

describe('measuring', () => {
  it('evaluates exactly the tokens it was asked for, from an empty cache', async () => {
    const probe = probes.start();
    valueOf(await probe.load(loadRequest(blobOf(randomModel({ shape: shapes.tiny, quantisation: 'F32' })))));
    // The synthetic tokenizer takes two tokens for a word, so only odd counts can be met.
    for (const tokens of [3, 65, 301]) {
      const prefill = valueOf(await probe.measurePrefill(tokens));
      expect(prefill.tokens).toBe(tokens);
      expect(prefill.milliseconds).toBeGreaterThan(0);
    }
    const ratio =
      valueOf(await probe.measurePrefill(401)).milliseconds / valueOf(await probe.measurePrefill(41)).milliseconds;
    expect(ratio).toBeGreaterThan(2);
  });

  it('stamps every token of a decode, past the end of an answer', async () => {
    const probe = probes.start();
    valueOf(await probe.load(loadRequest(good())));
    const { timestamps } = valueOf(await probe.measureDecode(33));
    expect(timestamps.length).toBe(33);
    expect(timestamps).toEqual(timestamps.toSorted((a, b) => a - b));
    expect(failureOf(await probe.measureDecode(0)).kind).toBe('request-invalid');
    // A chat afterwards is not confused by it.
    expect(valueOf(await probe.generate({ turns: question })).text).toBe('Hello');
  });

  it('without a model is refused', async () => {
    expect(failureOf(await probes.start().measurePrefill(8)).kind).toBe('model-not-loaded');
  });
});
