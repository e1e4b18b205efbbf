/** Tokens of an answer: through our worker, engine and client, against the bare package in a worker of its own. */
import { wrap } from 'comlink';
import { commands } from 'vitest/browser';
import { describe, expect, inject, it } from 'vitest';
import { startWorker } from '../../src/shared/platform/trusted-worker';
import { valueOf } from '../fixtures/outcomes';
import { liveEngine, settings, storeModel } from './live';
import speedWorkerUrl from './speed.worker.ts?worker&url';
import type { speed } from './speed.worker';

async function bare(): Promise<number[]> {
  const worker = startWorker(speedWorkerUrl, 'bare');
  try {
    return await wrap<typeof speed>(worker).bareDecode(inject('folderUrl'), inject('libraryUrl'), settings.tokens);
  } finally {
    worker.terminate();
  }
}

async function app(modelId: string): Promise<number> {
  const { client, load } = liveEngine();
  valueOf(await load(modelId, 512));
  const sampling = { temperature: 0, maxTokens: settings.tokens };
  const turns = [{ role: 'user', content: 'hi' }] as const;
  const { figures } = valueOf(await client.generate({ jobId: 'speed', turns, sampling }, () => undefined));
  client.terminate();
  return figures.decodeMs / (figures.completionTokens - 1);
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

describe('an answer', () => {
  it('is timed token by token', async () => {
    const modelId = await storeModel(inject('folderUrl'), inject('libraryUrl'));
    const msPerToken: { bare: number[]; app: number[] } = { bare: [], app: [] };
    for (const first of ['bare', 'app'] as const) {
      for (const who of first === 'bare' ? (['bare', 'app'] as const) : (['app', 'bare'] as const))
        msPerToken[who].push(who === 'bare' ? mean(await bare()) : await app(modelId));
    }
    await commands.writeFigures('speed-of-chat', { settings, msPerToken });
    expect([...msPerToken.bare, ...msPerToken.app].every((ms) => ms > 0)).toBe(true);
  });
});
