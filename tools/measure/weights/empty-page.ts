/** A fresh browser with an empty page of the app's origin, and in it the app's built weights worker with nothing around it. */
import { execFileSync } from 'node:child_process';
import { chromium, type Page } from '@playwright/test';
import type { Result } from '../../../src/shared/protocol/failure';
import {
  weightsChannelName,
  type StoredModel,
  type WeightsEvent,
  type WeightsManifest,
} from '../../../src/shared/protocol/weights';
import { chromiumFlags, findChromium } from '../../browser/find-browsers';
import type { WeightsApp } from './weights-app';

declare global {
  /** Inside the page: calls the weights worker. The few messages of comlink that it needs are written by hand. */
  var callWeights: <T>(name: string, ...values: unknown[]) => Promise<T>;
}

/** @param pageName 'empty', or 'web-llm' for a page that has WebLLM's caches */
export async function inFreshBrowser<T>(
  profile: string,
  app: WeightsApp,
  pageName: 'empty' | 'web-llm',
  work: (page: Page) => Promise<T>,
): Promise<T> {
  // What an earlier run has written must not be written to the disk in this one's time.
  execFileSync('sync');
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: findChromium(),
    args: chromiumFlags,
  });
  try {
    const page = await context.newPage();
    page.setDefaultTimeout(0);
    await page.goto(`${app.origin}/measure/${pageName}`);
    return await work(page);
  } finally {
    await context.close();
  }
}

/** Starts the weights worker in an empty page; it goes on with the downloads that are stored as wanted. */
export async function startWeights(page: Page, app: WeightsApp, hubUrl: string): Promise<void> {
  await page.evaluate(connect, app.worker);
  valueOf(await page.evaluate((url) => globalThis.callWeights<Result<null>>('configure', { hubUrl: url }), hubUrl));
}

function connect(workerPath: string): void {
  const worker = new Worker(workerPath, { type: 'module' });
  const waiting = new Map<string, (value: never) => void>();
  worker.onmessage = ({ data }: MessageEvent<{ id: string; value: never }>) => waiting.get(data.id)?.(data.value);
  globalThis.callWeights = (name, ...values) =>
    new Promise((resolve, reject) => {
      worker.onerror = ({ message }) => reject(new Error(message || 'the weights worker died'));
      const id = crypto.randomUUID();
      waiting.set(id, resolve);
      const argumentList = values.map((value) => ({ type: 'RAW', value }));
      worker.postMessage({ id, type: 'APPLY', path: [name], argumentList });
    });
}

/** @returns ms until the model is stored and verified. @throws Error when it has failed */
export async function download(page: Page, manifest: WeightsManifest): Promise<number> {
  return valueOf(await page.evaluate(bring, [manifest, weightsChannelName] as const));
}

async function bring([manifest, channelName]: readonly [WeightsManifest, string]): Promise<Result<number>> {
  let changed: boolean;
  let wake = (): void => {};
  new BroadcastChannel(channelName).onmessage = ({ data }: MessageEvent<WeightsEvent>) => {
    if (data.type !== 'models-changed') return;
    changed = true;
    wake();
  };
  const startedAt = performance.now();
  const noted = await globalThis.callWeights<Result<null>>('download', manifest, { despiteSpace: true });
  if (!noted.ok) return noted;
  for (;;) {
    changed = false;
    const listed = await globalThis.callWeights<Result<readonly StoredModel[]>>('list');
    if (!listed.ok) return listed;
    const model = listed.value.find((stored) => stored.manifest.modelId === manifest.modelId);
    if (model?.state === 'ready') return { ok: true, value: performance.now() - startedAt };
    if (model?.failure) return { ok: false, failure: model.failure };
    // It may have changed while the list was on its way.
    if (!changed) await new Promise<void>((resolve) => (wake = resolve));
  }
}

export function valueOf<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(`${result.failure.kind}: ${result.failure.technical}`);
  return result.value;
}
