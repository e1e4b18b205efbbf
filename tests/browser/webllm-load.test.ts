/** Our WebLLM engine while it loads, against a package that behaves as documented, faults included. */
import { afterEach, describe, expect, it } from 'vitest';
import type { FailureKind } from '../../src/shared/protocol/failure';
import { mlcFiles } from '../fixtures/mlc-files';
import { FakeOutOfMemoryError } from '../fixtures/fake-gpu';
import type { FakeMlcEngine } from '../fixtures/fake-mlc-engine';
import { type BenchOptions, WebLlmBench } from '../fixtures/webllm-bench';
import { failureOf, valueOf } from '../fixtures/outcomes';

let bench: WebLlmBench | undefined;
const start = (options: BenchOptions = {}): WebLlmBench => (bench = new WebLlmBench(options));
afterEach(() => bench?.restore());

const without = (path: string) => mlcFiles().filter((file) => file.path !== path);

describe('a load', () => {
  it('says what was loaded, and how large its window is', async () => {
    expect(valueOf(await start().load())).toMatchObject({
      modelId: 'm',
      engine: 'webllm',
      backend: 'webgpu',
      adapter: 'acme one',
      contextTokens: 4096,
      engineVersion: expect.stringMatching(/^WebLLM \d/) as string,
    });
  });

  it.each([
    [{ contextTokens: 1024 }, {}, 1024],
    [{ contextTokens: 99_999 }, {}, 40_960],
    [{}, { context_window_size: 2048 }, 2048],
  ])('takes a window that was asked for, or the own of the model: %j %j', async (options, config, tokens) => {
    const running = start({ ...options, files: mlcFiles(config) });
    expect(valueOf(await running.load()).contextTokens).toBe(tokens);
  });

  it('reads each file once, from addresses that no network has', async () => {
    const running = start();
    valueOf(await running.load());
    const { fetched } = running.fake;
    expect(new Set(fetched).size).toBe(fetched.length);
    for (const url of fetched) expect(new URL(url).hostname).toBe('weights.invalid');
    expect(fetched.map((url) => url.split('/').at(-1))).toEqual([
      'mlc-chat-config.json',
      'model.wasm',
      'tensor-cache.json',
      'params_shard_0.bin',
      'params_shard_1.bin',
    ]);
  });

  it('is one bar, with bytes and then programs', async () => {
    const running = start();
    valueOf(await running.load());
    const fractions = running.progress.map(({ fraction }) => fraction);
    expect(fractions).toEqual(fractions.toSorted((a, b) => a - b));
    expect([...new Set(running.progress.map(({ phase }) => phase))]).toEqual(['reading', 'uploading', 'compiling']);
    expect(running.progress.at(-1)).toMatchObject({ fraction: 1, programs: { done: 2, total: 2 } });
    const bytes = mlcFiles().reduce((sum, { content }) => sum + content.size, 0);
    expect(running.progress.at(-1)).toMatchObject({ loadedBytes: bytes, totalBytes: bytes });
  });

  it('finds weights in a folder of their repository, and an older table', async () => {
    const files = mlcFiles().map((file) =>
      file.path.endsWith('.wasm') ? file : { ...file, path: `deep/${file.path}` },
    );
    valueOf(await start({ files }).load());
    bench?.restore();
    const older = mlcFiles().map((file) =>
      file.path === 'tensor-cache.json' ? { ...file, path: 'ndarray-cache.json' } : file,
    );
    valueOf(await start({ files: older }).load());
  });

  it('keeps a sliding window where the model has one', async () => {
    const files = mlcFiles({ context_window_size: -1, sliding_window_size: 512, attention_sink_size: 4 });
    expect(valueOf(await start({ files, bare: true }).load()).contextTokens).toBe(512);
  });
});

describe('before anything is read', () => {
  it.each<[string, BenchOptions, FailureKind]>([
    ['no adapter', { gpu: { adapter: null } }, 'gpu-missing'],
    ['no 16 bits', { gpu: { f16: false } }, 'gpu-lacks-f16'],
    ['few storage buffers', { gpu: { limits: { maxStorageBuffersPerShaderStage: 8 } } }, 'gpu-limits'],
    ['little shared memory', { gpu: { limits: { maxComputeWorkgroupStorageSize: 16384 } } }, 'gpu-limits'],
    ['no library', { files: without('library/model.wasm') }, 'library-missing'],
    ['no config', { files: without('mlc-chat-config.json') }, 'file-missing'],
    ['no table', { files: without('tensor-cache.json') }, 'file-missing'],
    ['no template', { files: mlcFiles({ conv_template: 'chatml' }) }, 'model-template-broken'],
    [
      'a broken config',
      { files: [{ path: 'mlc-chat-config.json', content: new Blob(['{']) }, ...without('mlc-chat-config.json')] },
      'weights-damaged',
    ],
  ])('%s has a name', async (_, options, kind) => {
    const running = start(options);
    expect(failureOf(await running.load()).kind).toBe(kind);
    expect(() => running.fake).toThrow('not started');
  });

  it('32 bits do without 16', async () => {
    const running = start({ gpu: { f16: false }, files: mlcFiles({ quantization: 'q4f32_1' }) });
    valueOf(await running.load());
  });
});

describe('what goes wrong on the way', () => {
  const failing = (load: (engine: FakeMlcEngine, running: WebLlmBench) => Promise<void> | void): WebLlmBench => {
    const running: WebLlmBench = start({ load: (engine) => load(engine, running) });
    return running;
  };

  it('a file that the store does not have: the engine asks the network, and there is none', async () => {
    const running = start({ files: without('params_shard_1.bin') });
    expect(failureOf(await running.load())).toMatchObject({ kind: 'file-missing', subject: 'params_shard_1.bin' });
  });

  it('a shard that is too short', async () => {
    const files = mlcFiles().map((file) =>
      file.path === 'params_shard_0.bin' ? { ...file, content: new Blob([new Uint8Array(10)]) } : file,
    );
    expect(failureOf(await start({ files }).load()).kind).toBe('weights-damaged');
  });

  it('a library of another version', async () => {
    const running = failing(() => {
      throw new WebAssembly.LinkError(
        'WebAssembly.instantiate(): Import #3 "env": function import requires a callable',
      );
    });
    expect(failureOf(await running.load()).kind).toBe('library-mismatch');
  });

  it('memory that cannot be had: told by the scope, by the loss, and by an error in other words', async () => {
    const running = failing(async (_, { gpu }) => {
      gpu.device().scopeError = new FakeOutOfMemoryError('not enough memory left');
      await gpu.device().popErrorScope();
      gpu.device().destroy();
      throw new Error('Object has already been disposed');
    });
    expect(failureOf(await running.load())).toMatchObject({
      kind: 'gpu-out-of-memory',
      technical: expect.stringContaining('not enough memory left') as string,
    });
  });

  it('a device that is lost, while the package waits for ever', async () => {
    const running = failing(({ config }, { gpu }) => {
      void config;
      gpu.device().lose('The device hung: DXGI_ERROR_DEVICE_HUNG');
      return new Promise(() => undefined);
    });
    expect(failureOf(await running.load()).kind).toBe('gpu-hung');
  });

  it('a load that ends without a model', async () => {
    const running = failing((engine) => {
      engine.loadedModelIdToPipeline = new Map<string, object>();
      engine.loadedModelIdToPipeline.set = () => new Map();
    });
    expect(failureOf(await running.load()).kind).toBe('model-not-loaded');
  });

  it('a GPU that never comes back', async () => {
    const running = start({ load: () => new Promise(() => undefined), patience: { hardwareMs: 40, softwareMs: 40 } });
    expect(failureOf(await running.load()).kind).toBe('gpu-hung');
  });

  it('an end by the person: at once, with the memory given back', async () => {
    const running = failing(() => new Promise(() => undefined));
    const load = running.load();
    await expect.poll(() => running.progress.at(-1)?.phase).toBe('uploading');
    running.cancelLoad();
    expect(failureOf(await load).technical).toContain('AbortError');
    expect(running.gpu.device().destroyed).toBe(true);
    expect(running.losses).toEqual([]);
  });
});

describe('an engine without a call', () => {
  it('tells when its device is lost, and fails by that name afterwards', async () => {
    const running = start();
    valueOf(await running.load());
    running.gpu.device().lose('driver reset by the system');
    await expect.poll(() => running.losses).toMatchObject([{ kind: 'gpu-hung' }]);
    expect(failureOf(await running.ask()).kind).toBe('gpu-hung');
  });

  it('is silent about a loss that it wanted', async () => {
    const running = start();
    valueOf(await running.load());
    await running.engine.unload();
    expect(running.gpu.device().destroyed).toBe(true);
    expect(running.fake.unloads).toBe(1);
    expect(running.losses).toEqual([]);
    expect(failureOf(await running.ask()).kind).toBe('model-not-loaded');
  });
});
