/**
 * The engine worker with our own engine in it, and a hand on the GPU: it can lose the device. Libraries that lack imports of
 * this version of the package can be given empty ones, to get as far as they go.
 */
import '../../workers/restrict-scope';
import { expose } from 'comlink';
import type { EngineEvent } from '../../src/shared/protocol/engine-api';
import type { WorkerEvent } from '../../src/shared/platform/worker-handle';
import { countGpuWork } from '../../workers/benchmark/gpu-counter';
import { EngineHost } from '../../workers/engine/engine-host';
import { type MlcEngine, startMlcEngine } from '../../workers/engine/webllm/web-llm-package';
import { WebLlmEngine } from '../../workers/engine/webllm/webllm-engine';
import { withStoredFiles } from '../../workers/weights/store/open-model';
import { WeightsStore } from '../../workers/weights/store/weights-store';
import { asEmbedding, emptySortKernels, supplyImports } from './embedding-library';

const post = (event: EngineEvent): void => self.postMessage({ event } satisfies WorkerEvent<EngineEvent>);
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

const embedding = self.name === 'embedding';
if (embedding) {
  supplyImports();
  emptySortKernels();
}

const gpu = countGpuWork();

class LiveHost extends EngineHost {
  /** The most that lay in buffers of the GPU at any moment. */
  peakBytes(): Promise<number> {
    return Promise.resolve(gpu?.peakBytes ?? 0);
  }

  /** As a driver does: without a word to the engine. */
  loseDevice(): Promise<void> {
    device?.destroy();
    return Promise.resolve();
  }

  async embedDirectly(text: string): Promise<number[]> {
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
