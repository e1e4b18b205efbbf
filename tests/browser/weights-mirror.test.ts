/** Hosts of models other than the Hugging Face hub: a mirror, ModelScope's form, a host with paths of its own. */
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import type { HubCheck, WeightsManifest } from '../../src/shared/protocol/weights';
import { HubControl } from '../fixtures/hub/hub-control';
import { failureOf, valueOf } from '../fixtures/outcomes';
import { deleteWeights, WeightsProbe } from '../fixtures/weights-probe';

const hub = inject('hub');
const control = new HubControl(hub.origin);
const libraries = 'mlc-ai/binary-mlc-llm-libs';
const path = 'web-llm-models/v0_2_86/base/mirrored.wasm';
const published = `https://raw.githubusercontent.com/${libraries}/main/${path}`;
/** No host of the tests reaches GitHub: what comes, comes from the mirror. */
const sample = { repository: 'sotto-tests/mlc-tiny', libraryUrl: published };
const wasm = (filler: number): string =>
  btoa(String.fromCharCode(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 0, 5, 1, 0x61, filler, filler, filler));

let probe: WeightsProbe;
beforeEach(async () => {
  await control.reset();
  await deleteWeights();
  await control.addRepository({ id: libraries, files: [{ path, content: { base64: wasm(1) } }] });
  probe = new WeightsProbe();
});
afterEach(() => probe.kill());

async function lookedUp(url: string, libraryUrl?: string): Promise<WeightsManifest> {
  const found = valueOf(await probe.api.inspect({ url, ...(libraryUrl !== undefined && { libraryUrl }) }));
  if (found.kind !== 'model') throw new Error('a choice');
  return found.manifest;
}

async function delivered(manifest: WeightsManifest): Promise<readonly string[]> {
  valueOf(await probe.api.download(manifest));
  await probe.reaches(manifest.modelId, 'ready');
  return valueOf(await probe.api.open(manifest.modelId)).map((file) => file.path);
}

const modelScope = `${hub.origin}/models/{repo}/resolve/{revision}/{path}`;

describe.each([
  ['a mirror that keeps the paths of the hub', hub.origin],
  ['a host of the form of ModelScope', modelScope],
])('%s', (_, hubUrl) => {
  it('delivers an MLC model with its library, which keeps its published name', async () => {
    valueOf(await probe.api.configure({ hubUrl }));
    const manifest = await lookedUp('sotto-tests/mlc-tiny', published);
    expect(manifest.library).toEqual({
      path: 'library/mirrored.wasm',
      webLlmVersion: '0.2.86',
      address: published,
    });
    expect(await delivered(manifest)).toContain('library/mirrored.wasm');
    const asked = (await control.log()).map(({ file }) => file);
    expect(asked).toContain(`${libraries}/${path}`);
  });

  it('delivers a new library to a model that is here', async () => {
    valueOf(await probe.api.configure({ hubUrl }));
    const manifest = await lookedUp('sotto-tests/mlc-tiny', published);
    await delivered(manifest);
    const newer = path.replace('v0_2_86', 'v0_2_99');
    await control.pushCommit(libraries, [{ path: newer, content: { base64: wasm(2) } }]);
    const address = published.replace('v0_2_86', 'v0_2_99');
    valueOf(await probe.api.updateLibrary(manifest.modelId, address));
    const { manifest: now } = (await probe.model(manifest.modelId)) ?? { manifest };
    expect(now.library).toMatchObject({ webLlmVersion: '0.2.99', address });
    // What is prepared already is not fetched again.
    await control.clearLog();
    valueOf(await probe.api.prepareLibrary(manifest.modelId, published));
    const requests = (await control.log()).length;
    valueOf(await probe.api.prepareLibrary(manifest.modelId, published));
    expect((await control.log()).length).toBe(requests);
  });

  it('is found to have all that models need', async () => {
    const check = valueOf(await probe.api.checkHub(hubUrl, sample));
    expect(check).toEqual({ listing: null, ranges: null, library: null, repository: sample.repository });
  });

  it('delivers GGUF files as before', async () => {
    valueOf(await probe.api.configure({ hubUrl }));
    const manifest = await lookedUp('sotto-tests/tiny-gguf');
    expect(manifest.files[0]?.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(await delivered(manifest)).toHaveLength(1);
  });
});

describe('a library that lies beside its weights', () => {
  const id = 'sotto-tests/mlc-with-library';
  beforeEach(async () => {
    const files = ['mlc-chat-config.json', 'tensor-cache.json', 'tokenizer.json'];
    const texts = await Promise.all(
      files.map(async (name) => ({
        path: name,
        content: {
          text: await (await fetch(`${hub.origin}/sotto-tests/mlc-tiny/resolve/main/${name}`)).text(),
        },
      })),
    );
    const table = JSON.parse(texts[1]?.content.text ?? '') as { records: { dataPath: string }[] };
    const shards = table.records.map(({ dataPath }) => ({ path: dataPath, content: { bytes: 100, seed: 1 } }));
    const library = { path: 'mirrored.wasm', content: { base64: wasm(3) } };
    await control.addRepository({ id, files: [...texts, ...shards, library] });
    valueOf(await probe.api.configure({ hubUrl: hub.origin }));
  });

  it('needs no address', async () => {
    const manifest = await lookedUp(id);
    expect(manifest.library).toEqual({ path: 'mirrored.wasm' });
    expect(await delivered(manifest)).toContain('mirrored.wasm');
  });

  it('is taken before the published one of its name', async () => {
    const manifest = await lookedUp(id, published);
    expect(manifest.library).toMatchObject({ path: 'mirrored.wasm', address: published });
    expect((await control.log()).map(({ file }) => file)).not.toContain(`${libraries}/${path}`);
  });
});

describe('a host with paths of its own', () => {
  it('lists its files in a manifest, the library among them', async () => {
    const files = ['mlc-chat-config.json', 'tensor-cache.json', 'tokenizer.json'];
    const listed: { path: string; bytes: number }[] = [];
    const put = async (
      name: string,
      content: { text: string } | { base64: string } | { bytes: number; seed: number },
    ) => {
      await control.addFile(`shelf/team/model/${name}`, content);
      const bytes =
        'text' in content ? new TextEncoder().encode(content.text).length : 'bytes' in content ? content.bytes : 15;
      listed.push({ path: name, bytes });
    };
    for (const name of files)
      await put(name, { text: await (await fetch(`${hub.origin}/sotto-tests/mlc-tiny/resolve/main/${name}`)).text() });
    for (const index of [0, 1, 2]) await put(`params_shard_${index}.bin`, { bytes: 100 + index, seed: index });
    await put('own.wasm', { base64: wasm(4) });
    const manifestText = JSON.stringify({ version: 1, name: 'Shelf', format: 'mlc', files: listed });
    await control.addFile('shelf/team/model/sotto-manifest.json', { text: manifestText });
    valueOf(await probe.api.configure({ hubUrl: `${hub.origin}/files/shelf/{repo}/{path}` }));
    const manifest = await lookedUp('team/model');
    expect(manifest.library).toEqual({ path: 'own.wasm' });
    expect(await delivered(manifest)).toContain('own.wasm');
  });
});

describe('a host that cannot deliver', () => {
  const check = async (): Promise<HubCheck> => valueOf(await probe.api.checkHub(hub.origin, sample));

  it('is told before anything is chosen: no CORS', async () => {
    await control.fault({ type: 'no-cors', at: ['revision', 'tree', 'content'] });
    expect(await check()).toMatchObject({
      listing: { kind: 'host-unreachable' },
      ranges: { kind: 'host-unreachable' },
      library: { kind: 'host-unreachable' },
    });
  });

  it('is told before anything is chosen: no parts of files', async () => {
    await control.fault({ type: 'ignore-range' });
    expect(await check()).toMatchObject({ listing: null, ranges: 'ignored', library: null });
  });

  it('is told before anything is chosen: no libraries', async () => {
    await control.fault({ type: 'status', status: 404, path: 'mirrored.wasm' });
    expect(await check()).toMatchObject({ listing: null, ranges: null, library: { kind: 'download-not-found' } });
  });

  it('of a library is named with the place where it was published', async () => {
    valueOf(await probe.api.configure({ hubUrl: hub.origin }));
    await control.fault({ type: 'status', status: 404, path: 'mirrored.wasm' });
    const failure = failureOf(await probe.api.inspect({ url: 'sotto-tests/mlc-tiny', libraryUrl: published }));
    expect(failure).toMatchObject({
      kind: 'library-unreachable',
      subject: `${new URL(hub.origin).host}, raw.githubusercontent.com`,
    });
  });

  it('and is silent, is asked no longer when that is cancelled', async () => {
    await control.fault({ type: 'silent', at: ['revision'] });
    const begun = performance.now();
    const asking = probe.api.checkHub(hub.origin, sample, 'this one');
    await probe.api.cancelInspection('this one');
    expect(failureOf(await asking).kind).toBe('cancelled');
    expect(performance.now() - begun).toBeLessThan(1000);
  });

  it('and is no address, is refused', async () => {
    expect(failureOf(await probe.api.checkHub('https://host/{repo}', sample)).kind).toBe('address-not-understood');
  });
});
