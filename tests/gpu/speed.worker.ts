/** A worker with the bare package in it, as WebLLM's own examples use it, beside our engine: for comparing the two. */
import { type AppConfig, MLCEngine } from '@mlc-ai/web-llm';
import { expose } from 'comlink';
import type { LoadProgress } from '../../src/shared/protocol/engine';
import { WebLlmEngine } from '../../workers/engine/webllm/webllm-engine';
import { startMlcEngine } from '../../workers/engine/webllm/web-llm-package';
import { withStoredFiles } from '../../workers/weights/store/open-model';
import { WeightsStore } from '../../workers/weights/store/weights-store';
import { asEmbedding, emptySortKernels, supplyImports } from './embedding-library';

export type CacheBackend = 'indexeddb' | 'cache' | 'opfs';

const embedding = self.name === 'embedding';
if (embedding) {
  supplyImports();
  emptySortKernels();
}

/** Never settles, so that a load ends where it is measured. */
const never = new Promise<never>(() => undefined);

export const speed = {
  /** ms from the call to the last weights on the GPU, from our store. */
  ours(modelId: string): Promise<number> {
    const startedAt = performance.now();
    const engine = new WebLlmEngine((config) => startMlcEngine(embedding ? asEmbedding(config) : config));
    return new Promise((resolve, reject) => {
      const report = ({ phase, loadedBytes, totalBytes }: LoadProgress): void => {
        if (phase === 'compiling' || loadedBytes === totalBytes) resolve(performance.now() - startedAt);
      };
      const files = new WeightsStore();
      withStoredFiles(files, modelId, (stored) => {
        const used = stored.filter(({ path }) => !/ndarray-cache|sotto-manifest/.test(path));
        const request = { modelId, engine: 'webllm', files: used, contextTokens: 512 } as const;
        return engine.load(request, report, new AbortController().signal);
      }).catch(reject);
    });
  },

  /** The same with one of WebLLM's own caches: fills it from the network where it is empty. */
  theirs(url: string, library: string, cacheBackend: CacheBackend): Promise<number> {
    const startedAt = performance.now();
    const appConfig: AppConfig = {
      model_list: [{ model: url, model_id: 'm', model_lib: library, ...(embedding && { model_type: 1 }) }],
      cacheBackend,
    };
    return new Promise((resolve, reject) => {
      const engine = new MLCEngine({
        appConfig,
        logLevel: 'ERROR',
        initProgressCallback: ({ text }) => {
          const [, done, all] = /^Loading model from cache\[(\d+)\/(\d+)\]/.exec(text) ?? [];
          if (done !== undefined && done === all) resolve(performance.now() - startedAt);
        },
      });
      engine.reload('m', { context_window_size: 512 }).then(() => never, reject);
    });
  },

  /** ms between the tokens of an answer by the bare package. */
  async bareDecode(url: string, library: string, tokens: number): Promise<number[]> {
    const appConfig = { model_list: [{ model: url, model_id: 'm', model_lib: library }] };
    const engine = new MLCEngine({ appConfig, logLevel: 'ERROR' });
    await engine.reload('m', { context_window_size: 512 });
    const chunks = await engine.chat.completions.create({
      messages: [{ role: 'user', content: 'hi' }],
      stream: true,
      temperature: 0,
      max_tokens: tokens,
    });
    const stamps: number[] = [];
    for await (const chunk of chunks) if (chunk.choices[0]?.delta.content) stamps.push(performance.now());
    return stamps.slice(1).map((stamp, index) => stamp - (stamps[index] ?? 0));
  },
};

expose(speed);
