/**
 * The engine worker with our own engine in it, and a hand on the GPU: it can lose the device. Libraries that lack imports of
 * this version of the package can be given empty ones, to get as far as they go.
 */
import '../../workers/restrict-scope';
import type { MLCEngineConfig } from '@mlc-ai/web-llm';
import { expose } from 'comlink';
import type { EngineEvent, EngineEventMessage } from '../../src/contracts/engine';
import { EngineHost } from '../../workers/engine/engine-host';
import { type MlcEngine, startMlcEngine } from '../../workers/engine/webllm/web-llm-package';
import { WebLlmEngine } from '../../workers/engine/webllm/webllm-engine';
import { withStoredFiles } from '../../workers/weights/store/open-model';
import { WeightsStore } from '../../workers/weights/store/weights-store';

const post = (engineEvent: EngineEvent): void => self.postMessage({ engineEvent } satisfies EngineEventMessage);
const store = new WeightsStore();

interface Device {
  destroy(): void;
}

let device: Device | null = null;
let started: (MlcEngine & { embedding?(request: object): Promise<{ data: { embedding: number[] }[] }> }) | null = null;

const { prototype } = Reflect.get(self, 'GPUAdapter') as {
  prototype: { requestDevice(descriptor?: object): Promise<Device> };
};
const requestDevice = prototype.requestDevice;
prototype.requestDevice = async function (descriptor): Promise<Device> {
  return (device = await requestDevice.call(this, descriptor));
};

/** The embedding model is not one of our engine's kind: WebLLM has to be told. */
function asEmbedding(config: MLCEngineConfig): MLCEngineConfig {
  const list = (config.appConfig?.model_list ?? []).map((record) => ({ ...record, model_type: 1 }));
  return { ...config, appConfig: { ...config.appConfig, model_list: list } };
}

function supplyImports(): void {
  const instantiate = WebAssembly.instantiate.bind(WebAssembly) as (...args: unknown[]) => Promise<unknown>;
  Reflect.set(WebAssembly, 'instantiate', async (source: unknown, imports: Record<string, Record<string, unknown>>) => {
    if (source instanceof WebAssembly.Module) return instantiate(source, imports);
    const module = await WebAssembly.compile(source as BufferSource);
    for (const { module: from, name, kind } of WebAssembly.Module.imports(module)) {
      const given = (imports[from] ??= {});
      if (kind === 'function' && !(name in given)) given[name] = () => 0;
    }
    return { module, instance: await instantiate(module, imports) };
  });
}

const embedding = self.name === 'embedding';
if (embedding) supplyImports();

class LiveHost extends EngineHost {
  /** As a driver does: without a word to the engine. */
  loseDevice(): Promise<void> {
    device?.destroy();
    return Promise.resolve();
  }

  async embed(text: string): Promise<number[]> {
    return (await started?.embedding?.({ input: text }))?.data[0]?.embedding ?? [];
  }
}

expose(
  new LiveHost(
    () =>
      Promise.resolve(
        new WebLlmEngine(
          async (config) =>
            (started = await startMlcEngine({ ...(embedding ? asEmbedding(config) : config), logLevel: 'ERROR' })),
        ),
      ),
    post,
    (modelId, work) => withStoredFiles(store, modelId, work),
  ),
);
post({ type: 'ready' });

export type { LiveHost };
