/**
 * The real package: a fake model, with files of the right formats, goes its whole way from the hub through the store to the
 * point where a real library is needed. And none of it reaches a network.
 */
import { type Remote, wrap } from 'comlink';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import type { EngineEvent } from '../../src/shared/protocol/engine-api';
import { startWorker } from '../../src/shared/platform/trusted-worker';
import { EngineClient } from '../../src/engine/engine-client';
import { HubControl } from '../fixtures/hub/hub-control';
import { mlcFiles } from '../fixtures/mlc-files';
import type { RealWebLlmHost } from '../fixtures/real-webllm.worker';
import workerUrl from '../fixtures/real-webllm.worker.ts?worker&url';
import { failureOf, valueOf } from '../fixtures/outcomes';
import { deleteWeights, WeightsProbe } from '../fixtures/weights-probe';

const hub = inject('hub');
const control = new HubControl(hub.origin);

let worker: Worker | undefined;
let workers = 0;
let probe: WeightsProbe | undefined;
const newClient = (): EngineClient =>
  new EngineClient(() => {
    workers += 1;
    return (worker = startWorker(workerUrl, 'real'));
  });
const host = (): Remote<RealWebLlmHost> => {
  if (!worker) throw new Error('no worker');
  return wrap<RealWebLlmHost>(worker);
};

beforeEach(async () => {
  await control.reset();
  await deleteWeights();
  workers = 0;
});
afterEach(() => {
  worker?.terminate();
  worker = undefined;
  probe?.kill();
});

async function storedModel(): Promise<string> {
  probe = await WeightsProbe.at(hub.origin);
  const request = { url: 'sotto-tests/mlc-tiny', libraryUrl: `${hub.origin}/files/mlc-tiny.wasm` };
  const found = valueOf(await probe.api.inspect(request));
  if (found.kind !== 'model') throw new Error('a choice');
  valueOf(await probe.api.download(found.manifest));
  await probe.reaches(found.manifest.modelId, 'ready');
  return found.manifest.modelId;
}

describe('the real package', () => {
  it('takes the model from the store up to its library, which has a name when it is none', async () => {
    const modelId = await storedModel();
    await control.clearLog();
    const client = newClient();
    const phases: EngineEvent[] = [];
    client.listen((event) => void phases.push(event));
    const result = await client.load({ modelId, engine: 'webllm', files: { storedModelId: modelId } });
    expect(failureOf(result)).toEqual({ kind: 'library-mismatch', technical: expect.any(String) as string });
    // Config and library were read.
    const bytes = phases.flatMap((event) => (event.type === 'load-progress' ? [event.loadedBytes] : []));
    expect(bytes.at(-1)).toBeGreaterThan(0);
    expect(await control.log()).toEqual([]);
    // Half a load is left in that worker: the next call gets another.
    expect(failureOf(await client.measurePrefill(1)).kind).toBe('model-not-loaded');
    expect(workers).toBe(2);
  });

  it('and its library is the only thing that is missing: a file that is no WebAssembly has the same name', async () => {
    const files = mlcFiles().map(({ path, content }) => ({ path, file: new File([content], path) }));
    const broken = files.map((entry) =>
      entry.path.endsWith('.wasm') ? { ...entry, file: new File(['<!doctype html>'], 'model.wasm') } : entry,
    );
    probe = await WeightsProbe.at(hub.origin);
    const modelId = valueOf(await probe.api.copyFiles(broken));
    const result = await newClient().load({ modelId, engine: 'webllm', files: { storedModelId: modelId } });
    expect(failureOf(result).kind).toBe('library-mismatch');
  });

  it('asks our store for what it wants, and nobody else', async () => {
    const client = newClient();
    client.warmUp();
    expect(await host().reach()).toEqual([]);
    expect(await host().askForMissing()).toMatchObject({ kind: 'file-missing', subject: 'mlc-chat-config.json' });
    expect(await host().requests()).toEqual([]);
  });
});
