/** A model with its projector, from a hub into the store and out of it again: one download, one model, two files. */
import { afterEach, beforeEach, expect, inject, it } from 'vitest';
import { chosenOf } from '../../src/models/add/header-facts';
import { savedManifest } from '../../src/models/shelf/save-model';
import type { LocalFile, StoredModel, WeightsManifest } from '../../src/shared/protocol/weights';
import { HubControl } from '../fixtures/hub/hub-control';
import { valueOf } from '../fixtures/outcomes';
import { WeightsProbe } from '../fixtures/weights-probe';

const hub = inject('hub');
const control = new HubControl(hub.origin);
const repository = 'sotto/tiny-vision-GGUF';
const names = ['tiny-vision-Q8_0.gguf', 'mmproj-tiny-vision-f16.gguf'];
const [modelName = '', projectorName = ''] = names;
let probe: WeightsProbe;

beforeEach(async () => {
  probe = await WeightsProbe.afresh(control);
});
afterEach(() => probe.kill());

async function inspected(): Promise<WeightsManifest> {
  const inspection = valueOf(await probe.api.inspect({ url: repository }));
  if (inspection.kind !== 'model') throw new Error('expected one model');
  return inspection.manifest;
}

async function fetched(manifest: WeightsManifest): Promise<StoredModel> {
  valueOf(await probe.api.download(manifest));
  return probe.reaches(manifest.modelId, 'ready');
}

async function sentBytes(name: string): Promise<number> {
  return (await control.counts()).files[`${repository}/${name}`]?.bytesWritten ?? 0;
}

async function filesOf({ manifest }: StoredModel): Promise<LocalFile[]> {
  return valueOf(await probe.api.open(manifest.modelId)).map(({ path, blob }) => ({
    path,
    file: new File([blob], path, { lastModified: 1 }),
  }));
}

it('comes whole although its projector is cut off, and then sent with a wrong byte', async () => {
  const manifest = await inspected();
  expect(manifest.projector).toEqual({ path: projectorName, sees: true, hears: false });
  await control.fault({ type: 'cut', afterBytes: 1000, path: projectorName, at: ['content'], times: 1 });
  await control.fault({ type: 'flip', offset: 5000, path: projectorName, at: ['content'], skip: 1, times: 1 });
  const model = await fetched(manifest);
  expect(model.hashesCompared).toBe(true);
  expect(model.storedBytes).toBe(manifest.files.reduce((sum, { bytes }) => sum + bytes, 0));
  expect((await filesOf(model)).map(({ path, file }) => [path, file.size])).toEqual(
    manifest.files.map(({ path, bytes }) => [path, bytes]),
  );
});

it('that was taken for words alone gets its eyes later, and nothing is fetched twice', async () => {
  const pair = await inspected();
  const before = await fetched(chosenOf(pair, true));
  expect(before.manifest.projector).toBeUndefined();
  const sent = await sentBytes(modelName);
  const after = await fetched(pair);
  expect(after.manifest.projector).toMatchObject({ sees: true });
  expect(await sentBytes(modelName)).toBe(sent);
  expect(valueOf(await probe.api.list())).toHaveLength(1);
});

it('carried out of the browser and opened again, in any order, is the same', async () => {
  const model = await fetched(await inspected());
  const saved = await filesOf(model);
  const manifestFile = new File([JSON.stringify(savedManifest(model.manifest))], 'sotto-manifest.json');
  const folder = [{ path: 'sotto-manifest.json', file: manifestFile }, ...saved];
  const id = valueOf(await probe.api.copyFiles(folder.toReversed()));
  const copied = await probe.reaches(id, 'ready');
  expect(copied.manifest.projector).toEqual(model.manifest.projector);
  expect(copied.manifest.files.map(({ path }) => path)).toEqual(names);
  // Where it is not to be copied, it is looked at in the same way.
  const looked = valueOf(await probe.api.lookAtFiles(saved.toReversed()));
  expect(looked.projector).toEqual(model.manifest.projector);
  expect(looked.files.map(({ path }) => path)).toEqual(names);
});
