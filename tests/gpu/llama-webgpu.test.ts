/**
 * llama.cpp on the GPU through our own engine, with the Guide: a real model, whose answers are known. And the first use of a
 * model, which tries both and remembers. Needs an adapter with `shader-f16`.
 */
import { commands } from 'vitest/browser';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import type { LoadRequest } from '../../src/shared/protocol/engine';
import { startWorker } from '../../src/shared/platform/trusted-worker';
import { probeDevice } from '../../src/device/probe';
import { CarefulLoad } from '../../src/engine/careful-load';
import { gpuKey } from '../../src/engine/choose-engine';
import { backendTrials } from '../../src/engine/device-memory';
import { EngineClient } from '../../src/engine/engine-client';
import { guide } from '../../src/models/shelf/guide';
import engineWorkerUrl from '../../workers/engine.worker.ts?worker&url';
import knownAnswers from '../fixtures/guide-known-answers.json';
import { valueOf } from '../fixtures/outcomes';

const figures: Record<string, unknown> = {};
let client: EngineClient | undefined;
const newClient = (): EngineClient => (client = new EngineClient(() => startWorker(engineWorkerUrl, 'engine')));
afterEach(() => client?.terminate());
afterAll(() => commands.writeFigures('llama-webgpu', figures));

const questions = ['What is Sotto?', 'What is WebGPU?', '你是谁？'] as const;
const weights = async (): Promise<Blob> => (await fetch('/models/guide.gguf')).blob();
const requestFor = async (more: Partial<LoadRequest> = {}): Promise<LoadRequest> => ({
  modelId: guide.id,
  engine: 'llama.cpp',
  files: [await weights()],
  contextTokens: 1024,
  ...more,
});

async function answers(asked: EngineClient): Promise<string[]> {
  const given: string[] = [];
  for (const [index, content] of questions.entries()) {
    let text = '';
    const turns = [{ role: 'user', content } as const];
    const result = await asked.generate({ jobId: String(index), turns, sampling: guide.sampling }, (event) => {
      if (event.type === 'text') text += event.text;
    });
    valueOf(result);
    given.push(text);
  }
  return given;
}

describe('the Guide', () => {
  it('is on the GPU with all its layers, and answers there as it does on the CPU', async () => {
    const asked = newClient();
    const loaded = valueOf(await asked.load(await requestFor({ backend: 'webgpu' })));
    figures['loaded'] = loaded;
    expect(loaded).toMatchObject({ backend: 'webgpu' });
    expect(loaded.adapter).not.toBe('');
    const given = await answers(asked);
    figures['answers'] = given;
    const known: Readonly<Record<string, string>> = knownAnswers.answers;
    expect(given).toEqual(questions.map((question) => known[question]));
  });

  it('keeps its context in 8 bits where that is wanted', async () => {
    const asked = newClient();
    const loaded = valueOf(await asked.load(await requestFor({ kvCache: 'q8_0' })));
    expect(loaded.backend).toBe('cpu');
    expect((await answers(asked))[0]?.length).toBeGreaterThan(20);
  });

  it('as a large model of a real GPU would be tried on both: the faster is kept, and remembered', async () => {
    localStorage.clear();
    const facts = await probeDevice();
    if (!facts.webgpu.available) throw new Error('no GPU');
    figures['adapter'] = facts.webgpu;
    // As if it were hardware; what a software adapter does is the same, only slower.
    const device = { ...facts, mobile: false, webgpu: { ...facts.webgpu, software: false } };
    const asked = newClient();
    const careful = new CarefulLoad(asked, () => Promise.resolve(device));
    const model = { ...guide, source: { kind: 'stored' as const }, bytes: 60e6 };
    const stages: string[] = [];
    const control = { isCancelled: () => false, stage: (stage: string) => void stages.push(stage) };
    const loaded = valueOf(await careful.load(model, await requestFor(), control));
    const trial = backendTrials.get(gpuKey(guide.id, device));
    figures['trial'] = { trial, loaded, stages };
    expect(trial?.cpu).toBeGreaterThan(0);
    expect(trial?.gpu).toBeGreaterThan(0);
    expect(loaded.backend).toBe((trial?.gpu ?? 0) > (trial?.cpu ?? 0) ? 'webgpu' : 'cpu');
    stages.length = 0;
    expect(valueOf(await careful.load(model, await requestFor(), control)).backend).toBe(loaded.backend);
    expect(stages).not.toContain('trying');
  });
});
