/** A whole chat with the real engine: load from the store with the server off, answer, cancel, again, lose the device. */
import { commands } from 'vitest/browser';
import { afterAll, describe, expect, inject, it } from 'vitest';
import type { GenerationRequest } from '../../src/shared/protocol/engine';
import { valueOf } from '../fixtures/outcomes';
import { type LiveEngine, liveEngine, monotonic, settings, storeModel } from './live';

const figures: Record<string, unknown> = { settings };
const contextTokens = 512;
let modelId = '';
let engine: LiveEngine = liveEngine();

const ask = (jobId: string, more: Partial<GenerationRequest> = {}): GenerationRequest => ({
  jobId,
  turns: [{ role: 'user', content: 'hi' }],
  sampling: { temperature: 0, maxTokens: settings.tokens },
  ...more,
});

async function answer(request: GenerationRequest) {
  let text = '';
  const result = await engine.client.generate(request, (event) => {
    if (event.type === 'text') text += event.text;
  });
  return { result, text };
}

afterAll(() => commands.writeFigures(`chat-${settings.packageFolder === null ? 'installed' : 'other'}`, figures));

describe('a real model', () => {
  it('comes into the store and onto the GPU, with the server off and one bar that only grows', async () => {
    modelId = await storeModel(inject('folderUrl'), inject('libraryUrl'));
    await commands.stopFolderServer();
    const loaded = valueOf(await engine.load(modelId, contextTokens));
    figures['firstLoad'] = loaded;
    expect(loaded).toMatchObject({ backend: 'webgpu', contextTokens });
    const { progress } = engine;
    expect(monotonic(progress.map(({ fraction }) => fraction))).toBe(true);
    expect([...new Set(progress.map(({ phase }) => phase))]).toEqual(['reading', 'uploading', 'compiling']);
    expect(progress.at(-1)?.fraction).toBe(1);
  });

  it('counts a prompt with its own tokenizer', async () => {
    const counted = valueOf(await engine.client.countTokens([{ role: 'user', content: 'hi' }]));
    figures['promptTokens'] = counted;
    expect(counted).toBeGreaterThan(5);
  });

  it('answers', async () => {
    const { result, text } = await answer(ask('first'));
    const outcome = valueOf(result);
    figures['answer'] = { text, ...outcome };
    expect(text.trim()).not.toBe('');
    expect(outcome.figures.completionTokens).toBe(settings.tokens);
    expect(outcome.finishReason).toBe('length');
    expect(outcome.figures.promptTokens).toBe(figures['promptTokens']);
  });

  it('goes on with an answer that was cut off', async () => {
    const cut = (figures['answer'] as { text: string }).text;
    const turns = [...ask('').turns, { role: 'assistant', content: cut } as const];
    const { result, text } = await answer(ask('continued', { turns }));
    const outcome = valueOf(result);
    figures['continued'] = { text, ...outcome };
    expect(text.trim()).not.toBe('');
    // The prompt as before, and the tokens of the beginning.
    expect(outcome.figures.promptTokens).toBeGreaterThan(Number(figures['promptTokens']));
  });

  it('keeps what it has read for the next question', async () => {
    const first = await answer(ask('whole', { sampling: { temperature: 0, maxTokens: 40 } }));
    expect(valueOf(first.result).finishReason).toBe('stop');
    const turns = [
      ...ask('').turns,
      { role: 'assistant', content: first.text } as const,
      { role: 'user', content: 'again' } as const,
    ];
    // What of it is new: a question, with the border before it and the header after it. (The answer is left out, since its
    // text need not become the same tokens again.)
    const [asked, , next] = turns;
    const empty = [asked, { role: 'assistant', content: '' } as const, next].flatMap((turn) => turn ?? []);
    const fresh = Number(valueOf(await engine.client.countTokens(empty))) - Number(figures['promptTokens']);
    const second = await answer(ask('next', { turns }));
    const outcome = valueOf(second.result);
    figures['whole'] = { text: first.text, ...valueOf(first.result) };
    figures['next'] = { text: second.text, ...outcome, countedFresh: fresh };
    // The token that ended the answer is not in the cache, and comes with the question.
    const { completionTokens } = valueOf(first.result).figures;
    expect(outcome.figures.reusedTokens).toBe(Number(figures['promptTokens']) + completionTokens - 1);
    expect(outcome.figures.promptTokens).toBe(fresh);
  });

  it('is cancelled at once, in the middle of a token', async () => {
    const running = answer(ask('cancelled', { sampling: { temperature: 0, maxTokens: 100 } }));
    await new Promise((resolve) => setTimeout(resolve, 3000));
    const startedAt = performance.now();
    await engine.client.cancel('cancelled');
    figures['cancelMs'] = performance.now() - startedAt;
    expect(valueOf((await running).result).finishReason).toBe('cancelled');
    expect(figures['cancelMs']).toBeLessThan(600);
  });

  it('is loaded again from the store by a fresh worker', async () => {
    engine.client.terminate();
    engine = liveEngine();
    const loaded = valueOf(await engine.load(modelId, contextTokens));
    figures['secondLoad'] = loaded;
    expect(loaded.backend).toBe('webgpu');
  });

  it('says when it is idle and the device is lost', async () => {
    const lost = new Promise((resolve) => (engine.client.onWorkerLost = resolve));
    await engine.host().loseDevice();
    const failure = await lost;
    figures['loss'] = failure;
    expect(failure).toMatchObject({ kind: 'gpu-lost' });
  });
});
