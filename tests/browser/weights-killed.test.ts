/** Tabs that are killed every moment: a download must come to its end all the same, its hash included. */
import { afterEach, beforeEach, expect, inject, it } from 'vitest';
import type { WeightsManifest } from '../../src/shared/protocol/weights';
import { WeightsStore } from '../../workers/weights/store/weights-store';
import { HubControl } from '../fixtures/hub/hub-control';
import { mlcRepository } from '../fixtures/hub/large-repository';
import { valueOf } from '../fixtures/outcomes';
import { WeightsProbe } from '../fixtures/weights-probe';

const hub = inject('hub');
const control = new HubControl(hub.origin);
const repository = 'sotto-tests/killed';
let probe: WeightsProbe;

beforeEach(async () => {
  probe = await WeightsProbe.afresh(control);
});
afterEach(() => probe.kill());

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

async function wanted(mebibytes: number): Promise<{ readonly manifest: WeightsManifest; readonly key: string }> {
  await control.addRepository(mlcRepository(repository, mebibytes));
  const found = valueOf(await probe.api.inspect({ url: repository }));
  if (found.kind !== 'model') throw new Error('a choice');
  const shard = found.manifest.files.find(({ path }) => path.endsWith('.bin'));
  valueOf(await probe.api.download(found.manifest));
  return { manifest: found.manifest, key: `sha256:${shard?.sha256 ?? ''}` };
}

/** Until all chunks of the large file are stored, so that only its hash is missing. */
async function arrived(key: string, chunks: number): Promise<void> {
  const store = new WeightsStore();
  await expect.poll(async () => (await store.chunkIndices(key)).length, { timeout: 60_000, interval: 20 }).toBe(chunks);
}

it(
  'a file whose hash takes longer than any tab lives becomes ready, and no byte of it is fetched again',
  { timeout: 180_000 },
  async () => {
    const { manifest, key } = await wanted(384);
    await arrived(key, 48);
    await control.clearLog();
    const store = new WeightsStore();
    let lives = 0;
    for (; (await store.model(manifest.modelId))?.state !== 'ready' && lives < 60; lives += 1) {
      probe.kill();
      probe = await WeightsProbe.at(hub.origin);
      // The whole hash takes two seconds on a fast machine.
      await pause(1000);
    }
    expect((await store.model(manifest.modelId))?.state).toBe('ready');
    expect((await control.log()).filter(({ path }) => path.endsWith('.bin'))).toEqual([]);
    const record = await store.file(key);
    expect(record).toMatchObject({ state: 'whole', verified: 'sha256' });
    expect(record?.hashed).toBeUndefined();
  },
);

it.each([
  ['of another build of the hasher', Uint8Array.from({ length: 116 }, (_, index) => index)],
  ['that is cut off', Uint8Array.of(1, 2, 3)],
])('the state of a hash %s is not used', async (_, state) => {
  const { manifest, key } = await wanted(160);
  const store = new WeightsStore();
  await expect
    .poll(async () => (await store.chunkIndices(key)).length, { timeout: 60_000, interval: 20 })
    .toBeGreaterThan(8);
  valueOf(await probe.api.pause(manifest.modelId));
  await probe.reaches(manifest.modelId, 'paused');
  probe.kill();
  const stored = new Set(await store.chunkIndices(key));
  let chunks = 0;
  while (stored.has(chunks)) chunks += 1;
  await store.keepHash(key, { chunks, state, at: Date.now() - 60_000 }, 500);
  probe = await WeightsProbe.at(hub.origin);
  valueOf(await probe.api.resume(manifest.modelId));
  await probe.reaches(manifest.modelId, 'ready');
  // Had it been used, the hash would have been wrong, and the file fetched a second time.
  const { files } = await control.counts();
  expect(files[`${repository}/params_shard_0.bin`]?.bytesWritten).toBeLessThan(200 * 1024 ** 2);
});
