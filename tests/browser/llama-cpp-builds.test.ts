/** The two builds of llama.cpp, in browsers that have less than this one, and what becomes of them on their way. */
import { describe, expect, it } from 'vitest';
import type { ChatTurn } from '../../src/shared/protocol/engine';
import { failureOf, valueOf } from '../fixtures/outcomes';
import { LlamaCppProbes, loadRequest, type Surroundings } from '../fixtures/llama-cpp-probe';
import { scriptedModel } from '../fixtures/scripted-gguf';
import { blobOf, randomModel, shapes } from '../fixtures/synthetic-gguf';

const question: ChatTurn[] = [{ role: 'user', content: 'Hello?' }];
const good = () => blobOf(scriptedModel({ answer: ['Hello', ' there', ', ', 0xe4, 0xbd, 0xa0] }));
const said = 'Hello there, 你';

const probes = new LlamaCppProbes();

describe('without 64-bit memory', () => {
  it.each([1, 2])('the other build answers, with %i threads', async (threads) => {
    const probe = probes.start('compat');
    const loaded = valueOf(await probe.load(loadRequest(good(), { threads })));
    expect(loaded).toMatchObject({ backend: 'cpu', threads, tuning: { async: 'asyncify', memory64: false } });
    expect(valueOf(await probe.generate({ turns: question })).text).toBe(said);
    expect(valueOf(await probe.generate({ turns: question })).text).toBe(said);
  });

  it('it says the same as the usual build', async () => {
    const model = blobOf(randomModel({ shape: shapes.tinyQwen3, quantisation: 'F32' }));
    const texts: string[] = [];
    for (const surroundings of [[], ['compat'], ['no-jspi']] as const satisfies Surroundings[][]) {
      const probe = probes.start(...surroundings);
      valueOf(await probe.load(loadRequest(model)));
      texts.push(valueOf(await probe.generate({ turns: question, sampling: { temperature: 0, maxTokens: 24 } })).text);
    }
    expect(texts[0]?.length).toBeGreaterThan(10);
    expect(new Set(texts).size).toBe(1);
  });

  it('it tells how far a load has come, and an abort leaves nothing behind', async () => {
    const probe = probes.start('compat');
    const file = blobOf(randomModel({ shape: shapes.guide, quantisation: 'F32' }));
    valueOf(await probe.load(loadRequest(file)));
    const progress = (await probe.loadProgress()).map(([loaded]) => loaded);
    expect(progress.length).toBeGreaterThan(8);
    expect([progress[0], progress.at(-1)]).toEqual([0, file.size]);
    const pending = probe.load(loadRequest(file));
    // In the middle of it, of which this probe tells nothing before the end.
    await new Promise((resolve) => setTimeout(resolve, 60));
    await probe.abort();
    expect(failureOf(await pending).technical).toContain('AbortError');
    expect(await probe.living()).toBe(0);
  });

  it('it works where the browser grants less memory than 4 GiB', async () => {
    const probe = probes.start('phone');
    const wanted = { contextTokens: 512, threads: 1 };
    valueOf(await probe.load(loadRequest(good(), wanted)));
    expect(valueOf(await probe.generate({ turns: question })).text).toBe(said);
    const failure = failureOf(await probe.load(loadRequest(good(), { contextTokens: 2 ** 21 })));
    expect(failure).toMatchObject({ kind: 'model-too-large', numbers: { availableBytes: 1024 ** 3 } });
  });

  it('it fails by the same names', async () => {
    const probe = probes.start('compat');
    const unknown = blobOf(randomModel({ shape: shapes.tiny, quantisation: 'F32', architecture: 'martian' }));
    expect(failureOf(await probe.load(loadRequest(unknown))).kind).toBe('model-unknown-architecture');
    valueOf(await probe.load(loadRequest(good())));
    expect(failureOf(await probe.generate({ turns: [{ role: 'user', content: 'x'.repeat(900) }] }))).toMatchObject({
      kind: 'context-exceeded',
      numbers: { contextTokens: 512 },
    });
    expect(valueOf(await probe.generate({ turns: question })).text).toBe(said);
    expect(failureOf(await probe.load(loadRequest(good(), { backend: 'webgpu' }))).kind).toBe('gpu-missing');
  });
});

describe('without JSPI', () => {
  it('the usual build answers, and tells how far a load has come', async () => {
    const probe = probes.start('no-jspi');
    const file = blobOf(randomModel({ shape: shapes.guide, quantisation: 'F32' }));
    expect(valueOf(await probe.load(loadRequest(file)))).toMatchObject({ tuning: { async: 'none', memory64: true } });
    const progress = (await probe.loadProgress()).map(([loaded]) => loaded);
    expect(progress.length).toBeGreaterThan(2);
    expect([progress[0], progress.at(-1)]).toEqual([0, file.size]);
    valueOf(await probe.load(loadRequest(good(), { threads: 2 })));
    expect(valueOf(await probe.generate({ turns: question })).text).toBe(said);
  });
});

describe.each([[[]], [['compat']]] as const satisfies (readonly [readonly Surroundings[]])[])(
  'the binary, %j',
  (build) => {
    it.each([
      ['binary-refused', 'part-unreachable'],
      ['binary-cut', 'engine-damaged'],
      ['binary-login-page', 'engine-damaged'],
      ['binary-of-another-version', 'engine-version-mismatch'],
    ] as const)('%s is told as %s, and another try works', async (fault, kind) => {
      const probe = probes.start(...build, fault);
      const failure = failureOf(await probe.load(loadRequest(good())));
      expect(failure, failure.technical).toMatchObject({ kind });
      expect(await probe.living()).toBe(0);
      await probe.heal();
      valueOf(await probe.load(loadRequest(good())));
      expect(valueOf(await probe.generate({ turns: question })).text).toBe(said);
    });
  },
);
