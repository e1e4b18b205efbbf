/** Loads of large models, step by step, against an engine client that can be made to fail. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LoadedModel, LoadRequest } from '../../src/shared/protocol/engine';
import { failed, type Result } from '../../src/shared/protocol/failure';
import type { ModelDescriptor } from '../../src/shared/domain/model';
import type { WebLlmBuild } from '../../src/shared/domain/engine-choice';
import { CarefulLoad, type LoadStage } from '../../src/engine/careful-load';
import { gpuKey } from '../../src/engine/choose-engine';
import { backendTrials, checkedAnswers, crashedLoads, runningLoads } from '../../src/engine/device-memory';
import type { EngineClient } from '../../src/engine/engine-client';
import { devices } from '../fixtures/devices';
import { ggufModel } from '../fixtures/models';

const device = devices['gaming PC'];
const gguf = ggufModel;
const mlc: ModelDescriptor = { ...gguf, engine: 'webllm' };
const key = gpuKey('m', device);
const requestOf = ({ id, engine }: ModelDescriptor): LoadRequest => ({ modelId: id, engine, files: [] });

interface Play {
  readonly load?: (request: LoadRequest) => Result<LoadedModel> | undefined;
  /** Tokens per second. */
  readonly rates?: { readonly cpu: number; readonly webgpu: number; readonly webllm?: number };
  readonly answer?: string;
  /** Of Sotto's own engine, where it differs. */
  readonly ownAnswer?: string;
  /** The same of WebLLM. */
  readonly webLlmAnswer?: string;
  /** Of the model, for WebLLM. */
  readonly builds?: readonly WebLlmBuild[];
}

function play({
  load,
  rates = { cpu: 10, webgpu: 50 },
  answer = '1 2 3 4 5 6 7 8 9',
  ownAnswer = answer,
  webLlmAnswer = answer,
  builds = [],
}: Play = {}) {
  const loads: (string | undefined)[] = [];
  const marks: boolean[] = [];
  const stages: LoadStage[] = [];
  let backend: 'cpu' | 'webgpu' = 'cpu';
  let engine: LoadRequest['engine'] = 'cpu';
  const client = {
    load(request: LoadRequest): Promise<Result<LoadedModel>> {
      const stored = 'storedModelId' in request.files ? ` from ${request.files.storedModelId}` : '';
      loads.push(
        stored === ''
          ? request.engine === 'cpu'
            ? 'cpu'
            : request.backend === 'cpu'
              ? 'llama.cpp on the CPU'
              : request.backend
          : request.engine + stored,
      );
      engine = request.engine;
      marks.push(runningLoads.get('m') !== undefined);
      backend = request.engine === 'webllm' ? 'webgpu' : (request.backend ?? 'cpu');
      const value = { modelId: 'm', engine: request.engine, backend } as LoadedModel;
      return Promise.resolve(load?.(request) ?? { ok: true, value });
    },
    measureDecode(tokens: number) {
      const rate = engine === 'webllm' ? (rates.webllm ?? rates.webgpu) : rates[backend];
      const timestamps = Array.from({ length: tokens }, (_, index) => (index * 1000) / rate);
      return Promise.resolve({ ok: true, value: { timestamps } });
    },
    generate(_: unknown, onEvent: (event: object) => void) {
      onEvent({ type: 'text', text: { cpu: ownAnswer, webllm: webLlmAnswer }[engine as string] ?? answer });
      return Promise.resolve({ ok: true, value: {} });
    },
    cancel: () => Promise.resolve(),
    terminate: () => undefined,
  };
  const careful = new CarefulLoad(
    client as unknown as EngineClient,
    () => Promise.resolve(device),
    () => Promise.resolve(builds),
  );
  const run = (model: ModelDescriptor, isCancelled = () => false, onlyTheseWeights = false) =>
    careful.load(model, requestOf(model), {
      isCancelled,
      stage: (stage) => void stages.push(stage),
      onlyTheseWeights,
    });
  return { careful, run, loads, marks, stages };
}

const clear = (): void => localStorage.clear();
beforeEach(clear);
afterEach(clear);

describe('MLC weights', () => {
  it('are asked a known question after their first load, and not after the second', async () => {
    const { run, stages } = play();
    expect((await run(mlc)).ok).toBe(true);
    expect(stages).toEqual(['loading', 'checking']);
    expect(checkedAnswers.get(key)).toBe('right');
    await run(mlc);
    expect(stages).toEqual(['loading', 'checking', 'loading']);
  });

  it('that answer with rubbish fail, unless a person takes them all the same', async () => {
    const { careful, run } = play({ answer: '!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!' });
    expect(await run(mlc)).toMatchObject({ ok: false, failure: { kind: 'gpu-wrong-answers' } });
    expect(careful.acceptDoubted()).toMatchObject({ modelId: 'm' });
    expect(checkedAnswers.get(key)).toBe('accepted');
    expect((await run(mlc)).ok).toBe(true);
    expect(careful.acceptDoubted()).toBeNull();
  });
});

describe('GGUF weights on a device with a GPU', () => {
  it('try both once, and stay on the GPU that won', async () => {
    const { run, loads, stages } = play();
    expect(await run(gguf)).toMatchObject({ ok: true, value: { backend: 'webgpu' } });
    expect(loads).toEqual(['cpu', 'webgpu']);
    expect(stages).toEqual(['trying', 'checking']);
    expect(backendTrials.get(key)).toMatchObject({ cpu: 10, gpu: 50 });
    await run(gguf);
    expect(loads).toEqual(['cpu', 'webgpu', 'webgpu']);
  });

  it('go back to a CPU that won', async () => {
    const { run, loads } = play({ rates: { cpu: 30, webgpu: 20 } });
    expect(await run(gguf)).toMatchObject({ ok: true, value: { backend: 'cpu' } });
    expect(loads).toEqual(['cpu', 'webgpu', 'cpu']);
  });

  it.each([
    [
      'cannot load them',
      { load: (request: LoadRequest) => (request.backend === 'webgpu' ? failed('gpu-lost', 'x') : undefined) },
    ],
    ['computes rubbish', { answer: '', ownAnswer: '1 2 3 4 5 6 7 8 9' }],
  ])('use the CPU where the GPU %s, and remember why', async (_, faults) => {
    const { run, loads } = play(faults);
    expect(await run(gguf)).toMatchObject({ ok: true, value: { backend: 'cpu' } });
    expect(backendTrials.get(key)).toMatchObject({ gpu: null });
    await run(gguf);
    expect(loads).toEqual(['cpu', 'webgpu', 'cpu', 'cpu']);
  });

  it('fail where a person wants the GPU and it fails: nothing is exchanged', async () => {
    const { run, loads } = play({ load: () => failed('gpu-lost', 'x') });
    expect(await run({ ...gguf, backend: 'webgpu' })).toMatchObject({ ok: false, failure: { kind: 'gpu-lost' } });
    expect(loads).toEqual(['webgpu']);
  });

  it('fail as themselves where neither loads them', async () => {
    const { run } = play({ load: () => failed('file-truncated', 'x') });
    expect(await run(gguf)).toMatchObject({ ok: false, failure: { kind: 'file-truncated' } });
    expect(backendTrials.get(key)).toBeUndefined();
  });

  it('end between two tries when they are cancelled', async () => {
    const { run, loads } = play();
    expect(await run(gguf, () => loads.length > 0)).toMatchObject({ ok: false, failure: { kind: 'cancelled' } });
    expect(loads).toEqual(['cpu']);
    expect(backendTrials.get(key)).toBeUndefined();
  });
});

describe('GGUF weights of which a build for WebLLM is stored as well', () => {
  const builds: readonly WebLlmBuild[] = [{ modelId: 'm-mlc', bytes: 350e6, quantization: 'q4f16_1', needsF16: true }];
  const fromBuild = 'webllm from m-mlc';
  const rates = { cpu: 10, webgpu: 30, webllm: 50 };

  it('are tried in all three ways, one after the other, and the fastest is left loaded', async () => {
    const { run, loads, stages } = play({ builds, rates });
    expect(await run(gguf)).toMatchObject({ ok: true, value: { modelId: 'm', engine: 'webllm' } });
    expect(loads).toEqual(['cpu', 'webgpu', fromBuild]);
    expect(stages).toEqual(['trying', 'checking']);
    expect(backendTrials.get(key)).toMatchObject({ cpu: 10, gpu: 30, webLlm: { modelId: 'm-mlc', rate: 50 } });
    await run(gguf);
    expect(loads).toEqual(['cpu', 'webgpu', fromBuild, fromBuild]);
  });

  it('are loaded again by llama.cpp where that was faster', async () => {
    const { run, loads } = play({ builds, rates: { ...rates, webllm: 20 } });
    expect(await run(gguf)).toMatchObject({ ok: true, value: { engine: 'llama.cpp', backend: 'webgpu' } });
    expect(loads).toEqual(['cpu', 'webgpu', fromBuild, 'webgpu']);
  });

  it.each([
    [
      'cannot be loaded',
      { load: (request: LoadRequest) => (request.engine === 'webllm' ? failed('gpu-lost', 'x') : undefined) },
    ],
    ['computes rubbish', { webLlmAnswer: '!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!' }],
  ])('go to the next fastest way where the build %s, for good', async (_, faults) => {
    const { run, loads } = play({ builds, rates, ...faults });
    expect(await run(gguf)).toMatchObject({ ok: true, value: { engine: 'llama.cpp', backend: 'webgpu' } });
    expect(backendTrials.get(key)).toMatchObject({ gpu: 30, webLlm: { rate: null } });
    await run(gguf);
    expect(loads).toEqual(['cpu', 'webgpu', fromBuild, 'webgpu', 'webgpu']);
  });

  it('go to the next fastest way when the build that won fails later', async () => {
    let broken = false;
    const load = ({ engine }: LoadRequest) => (broken && engine === 'webllm' ? failed('file-missing', 'x') : undefined);
    const { run } = play({ builds, rates, load });
    await run(gguf);
    broken = true;
    expect(await run(gguf)).toMatchObject({ ok: true, value: { engine: 'llama.cpp' } });
  });

  it('are measured by themselves', async () => {
    const { run, loads } = play({ builds, rates });
    await run(gguf);
    expect(await run(gguf, undefined, true)).toMatchObject({ ok: true, value: { engine: 'llama.cpp' } });
    expect(loads).toEqual(['cpu', 'webgpu', fromBuild, 'webgpu']);
  });

  it('end between two tries when they are cancelled', async () => {
    const { run, loads } = play({ builds, rates });
    expect(await run(gguf, () => loads.length > 1)).toMatchObject({ ok: false, failure: { kind: 'cancelled' } });
    expect(loads).toEqual(['cpu', 'webgpu']);
    expect(backendTrials.get(key)).toBeUndefined();
  });
});

describe('GGUF weights on the CPU', () => {
  const onCpu: ModelDescriptor = { ...gguf, backend: 'cpu' };

  it('are asked a known question after their first load, and not after the second', async () => {
    const { run, stages } = play();
    expect(await run(onCpu)).toMatchObject({ ok: true, value: { engine: 'cpu' } });
    await run(onCpu);
    expect(stages).toEqual(['loading', 'checking', 'loading']);
  });

  it.each([
    ['another architecture', 'model-unknown-architecture', ['cpu', 'llama.cpp on the CPU'], true],
    ['a truncated file', 'file-truncated', ['cpu'], false],
  ] as const)('of %s (%s) are loaded by %j', async (_, kind, expected, ok) => {
    const { run, loads } = play({ load: ({ engine }) => (engine === 'cpu' ? failed(kind, 'x') : undefined) });
    expect((await run(onCpu)).ok).toBe(ok);
    expect(loads).toEqual(expected);
  });

  it('go to llama.cpp where our own engine answers with rubbish and llama.cpp does not, from then on at once', async () => {
    const { run, loads } = play({ ownAnswer: '!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!' });
    expect(await run(onCpu)).toMatchObject({ ok: true, value: { engine: 'llama.cpp' } });
    await run(onCpu);
    expect(loads).toEqual(['cpu', 'llama.cpp on the CPU', 'llama.cpp on the CPU']);
  });

  it('stay with our own engine where it is the model that knows no better', async () => {
    const { run, loads } = play({ answer: '!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!' });
    expect((await run(onCpu)).ok).toBe(true);
    expect(await run(onCpu)).toMatchObject({ ok: true, value: { engine: 'cpu' } });
    expect(loads).toEqual(['cpu', 'llama.cpp on the CPU', 'cpu']);
  });

  it('are not exchanged where a person wants our own engine', async () => {
    const { run, loads } = play({ load: () => failed('model-unknown-architecture', 'x') });
    expect((await run({ ...onCpu, cpuEngine: 'cpu' })).ok).toBe(false);
    expect(loads).toEqual(['cpu']);
  });
});

describe('the mark of a load', () => {
  it('is there while it runs, and gone whatever comes of it', async () => {
    const { run, marks } = play();
    await run(mlc);
    expect(marks).toEqual([true]);
    const failing = play({ load: () => failed('gpu-out-of-memory', 'x') });
    await failing.run(mlc);
    expect(failing.marks).toEqual([true]);
    expect(runningLoads.all()).toEqual({});
  });

  it('is not made for small models', async () => {
    const { run, marks } = play();
    await run({ ...mlc, bytes: 20e6 });
    expect(marks).toEqual([false]);
  });

  it('is taken away when a person leaves', async () => {
    const { run } = play({ load: () => void dispatchEvent(new Event('pagehide')) as undefined });
    await run(mlc);
    expect(runningLoads.all()).toEqual({});
  });

  it('that ended a page is forgotten when a load succeeds', async () => {
    crashedLoads.set('m', { name: 'Model', at: 1 });
    await play({ load: () => failed('gpu-lost', 'x') }).run(mlc);
    expect(crashedLoads.get('m')).toBeDefined();
    await play().run(mlc);
    expect(crashedLoads.get('m')).toBeUndefined();
  });
});
