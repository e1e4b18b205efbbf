// @vitest-environment node
/**
 * Models with layers of linear attention, whose state cannot be cut back: what is known of a conversation is taken up only where a
 * state is kept, and answers are those of a model that reads everything anew.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import type { ChatTurn, GenerationRequest } from '../../src/shared/protocol/engine';
import { CpuEngine } from '../../workers/engine/cpu/cpu-engine';
import { CpuModel } from '../../workers/engine/cpu/cpu-model';
import { compileKernels } from '../../workers/engine/cpu/kernels';
import type { EngineResult } from '../../workers/engine/engine';
import { readContents } from '../../workers/gguf/gguf-contents';
import { contentOf } from '../fixtures/kernel-products';
import { contextTokens, logitModelBytes, logitModels, promptOf } from '../fixtures/logit-models';
import { blobOf, randomModel, shapes } from '../fixtures/synthetic-gguf';

const never = new AbortController().signal;
const user = (content: string): ChatTurn => ({ role: 'user', content });
const assistant = (content: string): ChatTurn => ({ role: 'assistant', content });

describe('the state of a model', () => {
  let model: CpuModel;
  beforeAll(async () => {
    const found = logitModels.get('qwen35 F32');
    if (!found) throw new Error('there is no hybrid model');
    const contents = await readContents([contentOf(logitModelBytes(found))]);
    const options = { contextTokens, byteCache: false, threads: 1 };
    model = await CpuModel.load(contents, options, await compileKernels(false), () => undefined, never);
  });

  const prompt = promptOf(33);
  async function logitsAnew(): Promise<Float32Array> {
    await model.evaluate(prompt, 0, 1);
    return model.logits().slice();
  }

  it('is as it was after a pass that was abandoned, whether within or after the first layers', async () => {
    const whole = await logitsAnew();
    await model.evaluate(prompt.slice(0, 20), 0, 0);
    for (const layers of [1, 2, 4]) {
      const stopped = await model.evaluate(promptOf(31), 20, 0, { layersAtOnce: layers, between: () => false });
      expect(stopped).toBe(false);
    }
    await model.evaluate(prompt.slice(20), 20, 1);
    expect(model.logits()).toEqual(whole);
  });

  it('begins with nothing at the first position, whatever was read before', async () => {
    const whole = await logitsAnew();
    await model.evaluate(promptOf(31), 0, 0);
    await model.evaluate(promptOf(5), 31, 0);
    expect(await logitsAnew()).toEqual(whole);
  });

  it('can be copied out, and taken up again', async () => {
    const whole = await logitsAnew();
    await model.evaluate(prompt.slice(0, 17), 0, 0);
    const state = model.copyState();
    expect(state).toHaveLength(model.stateBytes);
    await model.evaluate(promptOf(5), 17, 0);
    model.restoreState(state, 17);
    await model.evaluate(prompt.slice(17), 17, 1);
    expect(model.logits()).toEqual(whole);
  });

  it('is never continued elsewhere than where it is', async () => {
    await model.evaluate(prompt, 0, 0);
    for (const position of [1, 32, 34]) await expect(model.evaluate([1], position, 1)).rejects.toThrow(RangeError);
    await model.evaluate([1], 33, 1);
  });
});

describe('a conversation', () => {
  const engine = new CpuEngine();
  /** Another one, which is asked for answers to things that are read anew. */
  const reader = new CpuEngine();
  /** What the template writes behind a prompt: a control token, and "assistant" with a line break in bytes. */
  const opening = 11;
  let bytes: Uint8Array<ArrayBuffer>;

  beforeAll(async () => {
    vi.stubGlobal('location', new URL(import.meta.url));
    vi.stubGlobal('navigator', { hardwareConcurrency: 2 });
    const blob = blobOf(randomModel({ shape: shapes.tinyQwen35, quantisation: 'Q8_0' }));
    bytes = new Uint8Array(await blob.arrayBuffer());
    await load(reader);
  });
  beforeEach(() => load(engine));
  afterAll(async () => {
    await engine.unload();
    await reader.unload();
  });

  async function load(into: CpuEngine): Promise<void> {
    const files = [{ path: 'hybrid.gguf', content: contentOf(bytes) }];
    const request = { modelId: 'hybrid', engine: 'cpu', files, contextTokens: 2048, threads: 1 } as const;
    await into.load(request, () => undefined, never);
  }

  interface Asked extends EngineResult {
    readonly text: string;
  }

  interface Asking {
    readonly signal?: AbortSignal;
    readonly reuseCache?: boolean;
    readonly maxTokens?: number;
    readonly by?: CpuEngine;
    readonly onToken?: () => void;
    readonly onPrompt?: () => void;
  }

  async function ask(
    turns: readonly ChatTurn[],
    { signal = never, reuseCache = true, maxTokens = 24, by = engine, onToken, onPrompt }: Asking = {},
  ): Promise<Asked> {
    let text = '';
    const sink = {
      token: (piece: string): void => {
        text += piece;
        onToken?.();
      },
      prefillProgress: (processed: number): void => void (processed > 0 && onPrompt?.()),
    };
    // Drawn, since the likeliest tokens of a model of chance are soon the same ones again and again.
    const sampling = { temperature: 1, seed: 7, maxTokens };
    const request: GenerationRequest = { jobId: 'a', turns, sampling, reuseCache };
    return { ...(await by.generate(request, sink, signal)), text };
  }
  const anew = async (turns: readonly ChatTurn[]): Promise<string> =>
    (await ask(turns, { reuseCache: false, by: reader })).text;

  const first = user('What is a state? '.repeat(12));
  const reply = assistant('It is what remains. '.repeat(8));
  const second = user('And what is not? '.repeat(6));
  const other = user('Who asked? '.repeat(9));

  it('is read on from where the last turn began, and answers as if it were read anew', async () => {
    const expected = await anew([first, reply, second]);
    await ask([first]);
    const answer = await ask([first, reply, second]);
    expect(answer.reusedTokens).toBe((await engine.countTokens([first])) - opening);
    expect(answer.text).toBe(expected);
  });

  it('is answered once more without being read', async () => {
    const expected = await anew([first]);
    await ask([first]);
    const answer = await ask([first]);
    expect(answer).toMatchObject({ text: expected, promptTokens: opening });
  });

  it('can be asked otherwise at the end: then it is taken up where the turn before began', async () => {
    const expected = await anew([first, reply, other]);
    await ask([first]);
    await ask([first, reply, second]);
    const answer = await ask([first, reply, other]);
    expect(answer.reusedTokens).toBe((await engine.countTokens([first])) - opening);
    expect(answer.text).toBe(expected);
  });

  it('is read anew where it was changed before any state that is kept', async () => {
    const expected = await anew([other, reply, second]);
    await ask([first, reply, second]);
    const answer = await ask([other, reply, second]);
    expect(answer).toMatchObject({ text: expected, reusedTokens: 0 });
  });

  it('is there again after another one', async () => {
    const expected = await anew([first, reply, second]);
    await ask([first]);
    await ask([other]);
    const answer = await ask([first, reply, second]);
    expect(answer.reusedTokens).toBe((await engine.countTokens([first])) - opening);
    expect(answer.text).toBe(expected);
    // The other one was left in its turn.
    expect((await ask([other])).promptTokens).toBe(opening);
  });

  it.each(['the prompt', 'the answer'])('goes on rightly after a stop in the middle of %s', async (phase) => {
    const turns = [user('A long question. '.repeat(40))];
    const expected = await anew(turns);
    const abort = new AbortController();
    const stop = (): void => abort.abort();
    const { finishReason } = await ask(turns, {
      signal: abort.signal,
      ...(phase === 'the prompt' ? { onPrompt: stop } : { onToken: stop }),
    });
    expect(finishReason).toBe('cancelled');
    const answer = await ask(turns);
    expect(answer.reusedTokens).toBeGreaterThan(0);
    expect(answer.text).toBe(expected);
  });

  it('is read anew where the device has no memory for a copy of its state', async () => {
    const expected = await anew([first, reply, second]);
    vi.spyOn(CpuModel.prototype, 'copyState').mockImplementation(() => {
      throw new RangeError('Array buffer allocation failed');
    });
    onTestFinished(() => void vi.restoreAllMocks());
    await ask([first]);
    const answer = await ask([first, reply, second]);
    expect(answer).toMatchObject({ text: expected, reusedTokens: 0 });
  });

  it('is not guessed ahead, since a wrong guess could not be forgotten', async () => {
    const answer = await ask([user('one two three '.repeat(60))], { maxTokens: 200 });
    expect(answer.guessedTokens).toBe(0);
  });

  it('is left for later by a measurement and by a text that becomes a direction', async () => {
    const expected = await anew([first]);
    await ask([first]);
    await engine.measurePrefill(64);
    await engine.measureDecode(8, { depth: 20 });
    const direction = await engine.embed(['a text'], 'mean', never);
    expect(await engine.embed(['a text'], 'mean', never)).toEqual(direction);
    expect(await ask([first])).toMatchObject({ text: expected, promptTokens: opening });
  });
});
