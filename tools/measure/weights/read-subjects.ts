/** Who reads stored weights: our store, and WebLLM's own caches, each as it is read when a model is loaded again. */
import type { Page } from '@playwright/test';
import type { Result } from '../../../src/shared/protocol/failure';
import type { StoredFile } from '../../../src/shared/protocol/weights';
import { download, startWeights, valueOf } from './empty-page';
import type { HubModel } from './hub-model';
import type { WeightsApp } from './weights-app';
import type { WebLlmCacheType } from './web-llm-caches';

/** An engine takes no more than this into its memory at a time. */
const sliceBytes = 32 * 1024 ** 2;

export interface Reading {
  readonly ms: number;
  /** Bytes that the page got. */
  readonly bytes: number;
}

export interface ReadSubject {
  readonly name: string;
  readonly pageName: 'empty' | 'web-llm';
  /** Brings the model into the store, once. */
  fill(page: Page): Promise<void>;
  /** Makes ready what an app has running before it loads a model. Not timed. */
  prepare(page: Page): Promise<void>;
  read(page: Page): Promise<Reading>;
}

export function ourStore(app: WeightsApp, hubUrl: string, { manifest }: HubModel): ReadSubject {
  const prepare = (page: Page): Promise<void> => startWeights(page, app, hubUrl);
  return {
    name: 'ours',
    pageName: 'empty',
    prepare,
    async fill(page) {
      await prepare(page);
      await download(page, manifest);
    },
    async read(page) {
      return valueOf(await page.evaluate(readOurs, [manifest.modelId, sliceBytes] as const));
    },
  };
}

async function readOurs([modelId, most]: readonly [string, number]): Promise<Result<Reading>> {
  const startedAt = performance.now();
  const opened = await globalThis.callWeights<Result<readonly StoredFile[]>>('open', modelId);
  if (!opened.ok) return opened;
  let bytes = 0;
  for (const { blob } of opened.value) {
    for (let at = 0; at < blob.size; at += most)
      bytes += (await blob.slice(at, Math.min(blob.size, at + most)).arrayBuffer()).byteLength;
  }
  return { ok: true, value: { ms: performance.now() - startedAt, bytes } };
}

export function webLlmCache(cacheType: WebLlmCacheType, { urls }: HubModel): ReadSubject {
  return {
    name: cacheType,
    pageName: 'web-llm',
    prepare: async (page) => {
      await page.waitForFunction(() => 'createWebLlmCache' in globalThis);
    },
    async fill(page) {
      await this.prepare(page);
      await page.evaluate(fillCache, [cacheType, urls] as const);
    },
    read: (page) => page.evaluate(readCache, [cacheType, urls] as const),
  };
}

async function fillCache([cacheType, urls]: readonly [WebLlmCacheType, readonly string[]]): Promise<void> {
  const cache = globalThis.createWebLlmCache('webllm/model', { cacheType });
  for (const url of urls) await cache.addToCache(url, 'arraybuffer');
  // Its IndexedDB says "done" before the transaction is.
  await new Promise((resolve) => setTimeout(resolve, 1000));
}

/** As `fetchTensorCache` of 0.2.86 does when everything is there. */
async function readCache([cacheType, urls]: readonly [WebLlmCacheType, readonly string[]]): Promise<Reading> {
  const startedAt = performance.now();
  const cache = globalThis.createWebLlmCache('webllm/model', { cacheType });
  if (!(await cache.hasAllKeys(urls))) throw new Error(`the cache ${cacheType} is not whole`);
  let bytes = 0;
  for (const url of urls) bytes += (await cache.fetchWithCache(url, 'arraybuffer')).byteLength;
  return { ms: performance.now() - startedAt, bytes };
}
