/** Another compiled library for a model that is whole: at every moment there is one. */
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { fromBase64 } from '../../src/shared/platform/base64';
import type { WeightsManifest } from '../../src/shared/protocol/weights';
import { HubControl } from '../fixtures/hub/hub-control';
import { failureOf, valueOf } from '../fixtures/outcomes';
import { deleteWeights, WeightsProbe } from '../fixtures/weights-probe';

const hub = inject('hub');
const control = new HubControl(hub.origin);
const oldUrl = `${hub.origin}/files/mlc-tiny.wasm`;
/** The magic number, version 1, and a section for anything. */
const wasm = (filler: number): string => {
  const bytes = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 0, 5, 1, 0x61, filler, filler, filler);
  return btoa(String.fromCharCode(...bytes));
};

/** Where MLC's libraries are: a host that shows scripts no header. */
const published = (path: string, content: { text: string } | { base64: string }): Promise<string> =>
  control.addFile(`raw.githubusercontent.com/${path}`, content);

let probes: WeightsProbe[] = [];
async function newProbe(): Promise<WeightsProbe> {
  const probe = await WeightsProbe.at(hub.origin);
  probes.push(probe);
  return probe;
}

beforeEach(async () => {
  await control.reset();
  await deleteWeights();
});
afterEach(() => {
  for (const probe of probes) probe.kill();
  probes = [];
});

async function stored(probe: WeightsProbe, known?: string): Promise<string> {
  const found = valueOf(
    await probe.api.inspect({
      url: 'sotto-tests/mlc-tiny',
      libraryUrl: oldUrl,
      ...(known !== undefined && { known: { modelId: known, name: known, license: 'MIT' } }),
    }),
  );
  if (found.kind !== 'model') throw new Error('a choice');
  valueOf(await probe.api.download(found.manifest));
  await probe.reaches(found.manifest.modelId, 'ready');
  return found.manifest.modelId;
}

const libraryOf = async (probe: WeightsProbe, modelId: string): Promise<string> => {
  const files = valueOf(await probe.api.open(modelId));
  const library = files.filter(({ path }) => path.endsWith('.wasm'));
  expect(library).toHaveLength(1);
  return btoa(String.fromCharCode(...new Uint8Array(await (library[0]?.blob ?? new Blob()).arrayBuffer())));
};

describe('a new library', () => {
  it('takes the place of the old one, in files, manifest and version', async () => {
    const probe = await newProbe();
    const modelId = await stored(probe);
    const url = await published('web-llm-models/v0_2_99/base/new.wasm', { base64: wasm(1) });
    expect(await probe.api.updateLibrary(modelId, url)).toEqual({ ok: true, value: null });
    expect(await libraryOf(probe, modelId)).toBe(wasm(1));
    const model = await probe.model(modelId);
    expect(model).toMatchObject({
      state: 'ready',
      manifest: { library: { path: 'library/new.wasm', webLlmVersion: '0.2.99' } },
    });
    expect(model?.storedBytes).toBe(model?.bytes);
    // The weights were not fetched again, and the old library is gone.
    const paths = (await control.log()).map(({ path }) => path).filter((path) => path.includes('params_shard'));
    expect(new Set(paths).size).toBe(3);
    const { weightsBytes } = valueOf(await probe.api.space());
    expect(weightsBytes).toBe(model?.bytes);
  });

  it('for a newer version of the app waits until that version is in use', async () => {
    const probe = await newProbe();
    const modelId = await stored(probe);
    const before = await libraryOf(probe, modelId);
    const first = await published('v0_2_98/one.wasm', { base64: wasm(4) });
    const second = await published('v0_2_99/two.wasm', { base64: wasm(5) });
    valueOf(await probe.api.prepareLibrary(modelId, first));
    valueOf(await probe.api.prepareLibrary(modelId, second));
    expect(await libraryOf(probe, modelId)).toBe(before);
    // The one that nobody will need any more is gone.
    const { bytes = 0 } = (await probe.model(modelId)) ?? {};
    expect(valueOf(await probe.api.space()).weightsBytes).toBe(bytes + atob(wasm(5)).length);
    valueOf(await probe.api.adoptLibraries('0.2.98'));
    expect(await libraryOf(probe, modelId)).toBe(before);
    valueOf(await probe.api.adoptLibraries('0.2.99'));
    expect(await libraryOf(probe, modelId)).toBe(wasm(5));
    const model = await probe.model(modelId);
    expect(model?.manifest.library).toEqual({ path: 'library/two.wasm', webLlmVersion: '0.2.99' });
    expect(valueOf(await probe.api.space()).weightsBytes).toBe(model?.bytes);
  });

  it('that was cut off on its way to a newer version is not taken for one', async () => {
    const probe = await newProbe();
    const modelId = await stored(probe);
    const before = await libraryOf(probe, modelId);
    const url = await published('v0_2_99/cut.wasm', { base64: wasm(6) });
    await control.fault({ type: 'stall', afterBytes: 4, path: 'cut.wasm', skip: 2 });
    void probe.api.prepareLibrary(modelId, url);
    await expect
      .poll(async () => (await control.log()).filter(({ path }) => path.includes('cut.wasm')).length, {
        timeout: 10_000,
      })
      .toBe(3);
    probe.kill();
    const again = await newProbe();
    valueOf(await again.api.adoptLibraries('0.2.99'));
    expect(await libraryOf(again, modelId)).toBe(before);
  });

  it('is shared by two models, and fetched once', async () => {
    const probe = await newProbe();
    const [one, two] = [await stored(probe, 'one'), await stored(probe, 'two')];
    const url = await published('v0_2_99/shared.wasm', { base64: wasm(2) });
    valueOf(await probe.api.updateLibrary(one, url));
    expect(await libraryOf(probe, two)).not.toBe(wasm(2));
    valueOf(await probe.api.updateLibrary(two, url));
    expect([await libraryOf(probe, one), await libraryOf(probe, two)]).toEqual([wasm(2), wasm(2)]);
  });

  it.each([
    ['is not there', 'nowhere.wasm', undefined, 'download-not-found'],
    ['is a web page', 'page.wasm', { text: '<!doctype html><title>Sign in</title>' }, 'download-not-weights'],
    ['is cut off', 'half.wasm', { base64: btoa('\0asm') }, 'download-not-weights'],
  ] as const)('that %s leaves the old one in its place', async (_, name, content, kind) => {
    const probe = await newProbe();
    const modelId = await stored(probe);
    const before = await libraryOf(probe, modelId);
    const url = content ? await published(name, content) : `${hub.origin}/files/${name}`;
    expect(failureOf(await probe.api.updateLibrary(modelId, url)).kind).toBe(kind);
    expect(await libraryOf(probe, modelId)).toBe(before);
    const model = await probe.model(modelId);
    expect(model?.state).toBe('ready');
    expect(valueOf(await probe.api.space()).weightsBytes).toBe(model?.bytes);
  });

  it('whose tab is killed on the way leaves the old one, and comes at the next try', async () => {
    const probe = await newProbe();
    const modelId = await stored(probe);
    const before = await libraryOf(probe, modelId);
    const url = await published('v0_2_99/slow.wasm', { base64: wasm(3) });
    // The first two requests only ask how large it is.
    await control.fault({ type: 'stall', afterBytes: 4, path: 'slow.wasm', skip: 2 });
    void probe.api.updateLibrary(modelId, url);
    await expect
      .poll(async () => (await control.log()).filter(({ path }) => path.endsWith('slow.wasm')).length)
      .toBeGreaterThan(2);
    probe.kill();
    await control.clearFaults();
    const again = await newProbe();
    expect([before, wasm(3)]).toContain(await libraryOf(again, modelId));
    valueOf(await again.api.updateLibrary(modelId, url));
    expect(await libraryOf(again, modelId)).toBe(wasm(3));
  });

  it('is refused for an address that is none, a host that is not allowed, and a model that is not whole', async () => {
    const probe = await newProbe();
    const modelId = await stored(probe);
    const kinds = [
      [modelId, 'no address', 'address-not-understood'],
      [modelId, 'https://example.com/x.wasm', 'host-not-allowed'],
      ['nobody', oldUrl, 'weights-incomplete'],
    ] as const;
    for (const [id, url, kind] of kinds) expect(failureOf(await probe.api.updateLibrary(id, url)).kind).toBe(kind);
  });
});

describe('a library of a host that shows scripts no header', () => {
  it('is found with its size, with no HEAD, which would be answered with the size of what is compressed', async () => {
    const probe = await newProbe();
    const url = await published('v0_2_86/sized.wasm', { base64: wasm(7) });
    const found = valueOf(await probe.api.inspect({ url: 'sotto-tests/mlc-tiny', libraryUrl: url }));
    if (found.kind !== 'model') throw new Error('a choice');
    expect(found.manifest.files.find(({ path }) => path.endsWith('.wasm'))).toEqual({
      path: 'library/sized.wasm',
      url,
      bytes: atob(wasm(7)).length,
    });
    const asked = (await control.log()).filter(({ path }) => path.includes('sized.wasm'));
    expect(asked.map(({ method, range }) => [method, range])).toEqual([
      ['GET', 'bytes=0-0'],
      ['GET', 'bytes=0-'],
    ]);
  });
});

describe('a library is code', () => {
  const place = 'v0_2_86/pinned.wasm';
  const request = (url: string, more: object = {}) => ({ url: 'sotto-tests/mlc-tiny', libraryUrl: url, ...more });
  async function downloaded(probe: WeightsProbe, url: string, more: object = {}): Promise<WeightsManifest> {
    const found = valueOf(await probe.api.inspect(request(url, more)));
    if (found.kind !== 'model') throw new Error('a choice');
    valueOf(await probe.api.download(found.manifest));
    return found.manifest;
  }
  const failed = async (probe: WeightsProbe, modelId: string): Promise<string | undefined> => {
    await expect.poll(async () => (await probe.model(modelId))?.state, { timeout: 20_000 }).toBe('failed');
    return (await probe.model(modelId))?.failure?.kind;
  };
  const digestOf = async (base64: string): Promise<string> => {
    const bytes = fromBase64(base64);
    const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
    return [...hash].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  };

  it('what first came from an address has to come from it, also after the model was deleted', async () => {
    const probe = await newProbe();
    const url = await published(place, { base64: wasm(1) });
    const { modelId } = await downloaded(probe, url);
    await probe.reaches(modelId, 'ready');
    valueOf(await probe.api.remove(modelId));
    await published(place, { base64: btoa(atob(wasm(2)) + '\0\x02\x01b') });
    await downloaded(probe, url);
    expect(await failed(probe, modelId)).toBe('library-changed');
    expect(failureOf(await probe.api.open(modelId)).kind).toBe('weights-incomplete');
  });

  it('another one is used when a person agrees to it, and is then the one that is held to', async () => {
    const probe = await newProbe();
    const url = await published(place, { base64: wasm(1) });
    const { modelId } = await downloaded(probe, url, { known: { modelId: 'one', name: 'One', license: 'MIT' } });
    await probe.reaches(modelId, 'ready');
    const other = btoa(atob(wasm(2)) + '\0\x02\x01b');
    await published(place, { base64: other });
    await downloaded(probe, url, { known: { modelId: 'two', name: 'Two', license: 'MIT' } });
    expect(await failed(probe, 'two')).toBe('library-changed');
    valueOf(await probe.api.resume('two'));
    expect(await failed(probe, 'two')).toBe('library-changed');
    valueOf(await probe.api.trustLibrary('two'));
    await probe.reaches('two', 'ready');
    expect(await libraryOf(probe, 'two')).toBe(other);
    // The first model keeps the one it has.
    expect(await libraryOf(probe, 'one')).toBe(wasm(1));
  });

  it('a changed one does not take the place of the one that is here, unless a person agrees', async () => {
    const probe = await newProbe();
    const modelId = await stored(probe);
    const before = await libraryOf(probe, modelId);
    const url = await published('v0_2_99/moving.wasm', { base64: wasm(1) });
    valueOf(await probe.api.prepareLibrary(modelId, url));
    const other = btoa(atob(wasm(2)) + '\0\x02\x01b');
    await published('v0_2_99/moving.wasm', { base64: other });
    expect(failureOf(await probe.api.updateLibrary(modelId, url))).toMatchObject({
      kind: 'library-changed',
      subject: url,
    });
    expect(await libraryOf(probe, modelId)).toBe(before);
    const model = await probe.model(modelId);
    expect(valueOf(await probe.api.space()).weightsBytes).toBe(model?.bytes);
    valueOf(await probe.api.trustLibrary(modelId, url));
    valueOf(await probe.api.updateLibrary(modelId, url));
    expect(await libraryOf(probe, modelId)).toBe(other);
  });

  it('one whose hash the catalog states is refused when it is another, whoever sends it', async () => {
    const probe = await newProbe();
    const url = await published(place, { base64: wasm(1) });
    const { modelId } = await downloaded(probe, url, { librarySha256: await digestOf(wasm(2)) });
    expect(await failed(probe, modelId)).toBe('download-wrong');
    const right = await downloaded(probe, url, {
      librarySha256: await digestOf(wasm(1)),
      known: { modelId: 'right', name: 'Right', license: 'MIT' },
    });
    expect((await probe.reaches(right.modelId, 'ready')).state).toBe('ready');
  });
});
