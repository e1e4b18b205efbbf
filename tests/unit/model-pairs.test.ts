/** A model and the projector that lets it see or hear: found together, chosen by precision, and left apart where they do not go together. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { officialHub } from '../../src/shared/domain/model-hub';
import { FailureError, type Failure } from '../../src/shared/protocol/failure';
import type { Inspection, WeightsManifest, WeightsRequest } from '../../src/shared/protocol/weights';
import { planCopy } from '../../workers/weights/copy-plan';
import { inspect } from '../../workers/weights/inspect/inspect';
import { parseManifestFile } from '../../workers/weights/inspect/manifest-file';
import { projectorFor } from '../../workers/weights/inspect/projector-file';
import { isProjectorName } from '../../workers/weights/inspect/select-files';
import { modelBlob, projectorBlob } from '../fixtures/pair-files';

const eyes = { sees: true, hears: false };
const commit = 'c'.repeat(40);
const look = { signal: new AbortController().signal, silenceMs: 5000 };
/** Of the repository o/n. */
let files: Map<string, Blob>;
let ranges = true;

beforeEach(() => {
  files = new Map();
  ranges = true;
  vi.stubGlobal('fetch', async (address: string, init: { headers?: HeadersInit } = {}) => {
    const { pathname } = new URL(address);
    if (pathname.startsWith('/api/models/o/n/revision/')) return Response.json({ sha: commit });
    if (pathname.startsWith('/api/models/o/n/tree/'))
      return Response.json([...files].map(([path, { size }]) => ({ type: 'file', path, size, lfs: { size } })));
    const content = files.get(decodeURIComponent(pathname.replace(/^\/(o\/n\/resolve\/[^/]+|folder)\//, '')));
    if (!content) return new Response('nothing', { status: 404 });
    const [, from = '0', to = ''] = /^bytes=(\d+)-(\d*)$/.exec(new Headers(init.headers).get('Range') ?? '') ?? [];
    const end = Math.min(to ? Number(to) + 1 : content.size, content.size);
    if (!ranges) return new Response(content, { headers: { 'Content-Length': String(content.size) } });
    const range = `bytes ${from}-${end - 1}/${content.size}`;
    return new Response(content.slice(Number(from), end), { status: 206, headers: { 'Content-Range': range } });
  });
});
afterEach(() => vi.unstubAllGlobals());

const at = (url: string, more: Partial<WeightsRequest> = {}): Promise<Inspection> =>
  inspect({ url, ...more }, officialHub, look);

async function manifestAt(url: string, more: Partial<WeightsRequest> = {}): Promise<WeightsManifest> {
  const found = await at(url, more);
  if (found.kind !== 'model') throw new Error(`${found.choices.length} choices`);
  return found.manifest;
}

async function failureOf(work: Promise<unknown>): Promise<Failure> {
  try {
    await work;
  } catch (error) {
    if (error instanceof FailureError) return error.failure;
    throw error;
  }
  throw new Error('it went well');
}

const pathsOf = ({ files: listed }: WeightsManifest): readonly string[] => listed.map(({ path }) => path);

describe('a repository with a projector beside the model', () => {
  beforeEach(() => {
    files.set('tiny-Q4_K_M.gguf', modelBlob()).set('mmproj-F16.gguf', projectorBlob(eyes));
  });

  it('is one model with both files, and what it takes is told by the projector', async () => {
    const manifest = await manifestAt('o/n');
    expect(pathsOf(manifest)).toEqual(['tiny-Q4_K_M.gguf', 'mmproj-F16.gguf']);
    expect(manifest.projector).toEqual({ path: 'mmproj-F16.gguf', ...eyes });
    expect(manifest.gguf?.architecture).toBe('qwen2');
    expect(manifest.name).toBe('tiny-Q4_K_M');
  });

  it('is the same by the address of the model’s file alone', async () => {
    const manifest = await manifestAt('https://huggingface.co/o/n/resolve/main/tiny-Q4_K_M.gguf');
    expect(manifest.projector?.path).toBe('mmproj-F16.gguf');
  });

  it('gives each of several models its projector, counted in its size', async () => {
    files.set('tiny-Q8_0.gguf', modelBlob('Tiny, once more'));
    const found = await at('o/n');
    if (found.kind !== 'choice') throw new Error('there was no choice');
    const projectorBytes = files.get('mmproj-F16.gguf')?.size ?? 0;
    for (const { path, bytes, hasProjector, url } of found.choices) {
      expect([hasProjector, bytes]).toEqual([true, (files.get(path)?.size ?? 0) + projectorBytes]);
      expect((await manifestAt(url)).projector).toMatchObject(eyes);
    }
    expect(found.projector).toBeUndefined();
  });

  it('offers the model where the address is that of the projector, and says so', async () => {
    const found = await at('https://huggingface.co/o/n/blob/main/mmproj-F16.gguf');
    expect(found).toMatchObject({ kind: 'choice', projector: 'mmproj-F16.gguf' });
    expect(found.kind === 'choice' && found.choices.map(({ path }) => path)).toEqual(['tiny-Q4_K_M.gguf']);
  });

  it('comes without it where the catalog wants it without, and with the one that the catalog names', async () => {
    expect(pathsOf(await manifestAt('o/n', { projector: null }))).toEqual(['tiny-Q4_K_M.gguf']);
    files.set('mmproj-BF16.gguf', projectorBlob({ sees: true, hears: true }));
    const named = { path: 'mmproj-BF16.gguf', ...eyes };
    // What it takes, its own header knows better.
    expect((await manifestAt('o/n', { projector: named })).projector).toEqual({
      path: 'mmproj-BF16.gguf',
      sees: true,
      hears: true,
    });
    const gone = { path: 'mmproj-gone.gguf', ...eyes };
    expect((await failureOf(at('o/n', { projector: gone }))).kind).toBe('address-not-understood');
  });

  it.each([
    ['is no GGUF', new Blob(['<!doctype html>']), 'file-not-gguf'],
    ['ends too early', projectorBlob(eyes).slice(0, 100), 'file-truncated'],
    ['is a model by its header', modelBlob(), 'projector-mismatch'],
    ['takes neither pictures nor sounds', projectorBlob({ sees: false, hears: false }), 'projector-mismatch'],
  ] as const)('comes without it, which is told, where it %s', async (_, content, kind) => {
    files.set('mmproj-F16.gguf', content);
    const found = await at('o/n');
    expect(found).toMatchObject({ kind: 'model', withoutProjector: { path: 'mmproj-F16.gguf', failure: { kind } } });
    if (found.kind !== 'model') throw new Error('no model');
    expect(pathsOf(found.manifest)).toEqual(['tiny-Q4_K_M.gguf']);
    expect(found.manifest.projector).toBeUndefined();
  });

  it('comes without it where the host sends whole files only, unless the catalog knows what it takes', async () => {
    ranges = false;
    // More than is read at once: a file that is smaller than that comes whole, header and all.
    files.set('mmproj-F16.gguf', projectorBlob(eyes, 1024 ** 2));
    expect(await at('o/n')).toMatchObject({ withoutProjector: { path: 'mmproj-F16.gguf' } });
    const projector = { path: 'mmproj-F16.gguf', ...eyes };
    expect((await manifestAt('o/n', { projector })).projector).toEqual(projector);
  });

  it('without a model says that the projector is none', async () => {
    files.delete('tiny-Q4_K_M.gguf');
    for (const url of ['o/n', 'https://huggingface.co/o/n/blob/main/mmproj-F16.gguf'])
      expect((await failureOf(at(url))).kind).toBe('projector-alone');
  });
});

it('a projector on any other host, under whatever name, is told to be one', async () => {
  files.set('eyes.gguf', projectorBlob(eyes));
  expect((await failureOf(at('https://raw.githubusercontent.com/folder/eyes.gguf'))).kind).toBe('projector-alone');
});

describe('a folder with a manifest of its own', () => {
  const put = (projector?: object): void => {
    files.set('a.gguf', modelBlob()).set('b.gguf', projectorBlob(eyes)).set('mmproj-c.gguf', projectorBlob(eyes));
    const listed = [...files].map(([path, { size }]) => ({ path, bytes: size }));
    const value = { version: 1, name: 'Pair', format: 'gguf', files: listed, ...(projector && { projector }) };
    files.set('sotto-manifest.json', new Blob([JSON.stringify(value)]));
  };

  it('gives the projector that it names; without a name, the one that is called so', async () => {
    put({ path: 'b.gguf', ...eyes });
    const named = await manifestAt('https://raw.githubusercontent.com/folder/');
    expect([pathsOf(named), named.projector?.path]).toEqual([['a.gguf', 'b.gguf'], 'b.gguf']);
    files.clear();
    files.set('a.gguf', modelBlob()).set('mmproj.gguf', projectorBlob(eyes));
    const listed = [...files].map(([path, { size }]) => ({ path, bytes: size }));
    const value = { version: 1, name: 'Pair', format: 'gguf', files: listed };
    files.set('sotto-manifest.json', new Blob([JSON.stringify(value)]));
    expect((await manifestAt('https://raw.githubusercontent.com/folder/')).projector).toEqual({
      path: 'mmproj.gguf',
      ...eyes,
    });
  });

  it('that names none of its files is refused', () => {
    const value = { version: 1, name: 'Pair', format: 'gguf', files: [{ path: 'a.gguf', bytes: 1 }] };
    for (const projector of [{ path: 'b.gguf', ...eyes }, { path: 'a.gguf', ...eyes }, { path: 'a.gguf' }, 'a.gguf'])
      expect(() => parseManifestFile({ ...value, projector }, 'here')).toThrow(FailureError);
  });
});

describe('the choice of a projector by its name', () => {
  const named = (...paths: string[]) => paths.map((path) => ({ path, bytes: 1 }));
  const best = (model: string, ...projectors: string[]): string | undefined =>
    projectorFor(named(model), named(...projectors))?.path;

  it('is by precision: 8 bits, 16 bits, what is not said, 32 bits, and less than 8 last', () => {
    const all = ['mmproj-F32.gguf', 'mmproj-q4_0.gguf', 'mmproj-BF16.gguf', 'mmproj-F16.gguf', 'mmproj-Q8_0.gguf'];
    const order: string[] = [];
    for (let left = [...all, 'mmproj.gguf']; left.length > 0; left = left.filter((path) => !order.includes(path)))
      order.push(best('m-Q4_K_M.gguf', ...left) ?? '');
    expect(order).toEqual([
      'mmproj-Q8_0.gguf',
      'mmproj-F16.gguf',
      'mmproj-BF16.gguf',
      'mmproj.gguf',
      'mmproj-F32.gguf',
      'mmproj-q4_0.gguf',
    ]);
  });

  it('takes the one of this model where several share a repository', () => {
    const both = ['mmproj-Big-7B-Q8_0.gguf', 'Small-2B-mmproj-f16.gguf'];
    expect(best('Small-2B-Q4_K_M.gguf', ...both)).toBe('Small-2B-mmproj-f16.gguf');
    expect(best('Big-7B-00001-of-00002.gguf', ...both)).toBe('mmproj-Big-7B-Q8_0.gguf');
  });

  it('takes what lies beside the model before what lies above it, and nothing from elsewhere', () => {
    expect(best('q4/m.gguf', 'mmproj.gguf', 'q4/mmproj-f32.gguf')).toBe('q4/mmproj-f32.gguf');
    expect(best('q4/m.gguf', 'mmproj.gguf')).toBe('mmproj.gguf');
    expect(best('m.gguf', 'other/mmproj.gguf')).toBeUndefined();
  });

  it('knows a projector wherever the word stands in the name', () => {
    for (const path of ['mmproj-F16.gguf', 'a/mmproj.gguf', 'x.BF16-mmproj.gguf', 'x_MMPROJ_f16.GGUF'])
      expect(isProjectorName(path), path).toBe(true);
    for (const path of ['mmproj/x.gguf', 'mmprojection.gguf', 'mmproj.bin']) expect(isProjectorName(path)).toBe(false);
  });
});

describe('files of this device', () => {
  const local = (name: string, content: Blob) => ({ path: name, file: new File([content], name) });
  const model = (): ReturnType<typeof local> => local('Tiny.gguf', modelBlob());
  const projector = (): ReturnType<typeof local> => local('anything.gguf', projectorBlob(eyes));

  it('are one model with its projector, in whatever order and under whatever names they are opened', async () => {
    for (const chosen of [
      [model(), projector()],
      [projector(), model()],
    ]) {
      const { manifest } = await planCopy(chosen);
      expect(manifest.name).toBe('Tiny');
      expect(pathsOf(manifest)).toEqual(['Tiny.gguf', 'anything.gguf']);
      expect(manifest.projector).toEqual({ path: 'anything.gguf', ...eyes });
    }
  });

  it('of a folder with several precisions are the model with one of them', async () => {
    const folder = [
      local('mmproj-F32.gguf', projectorBlob(eyes)),
      model(),
      local('mmproj-F16.gguf', projectorBlob(eyes)),
    ];
    expect(pathsOf((await planCopy(folder)).manifest)).toEqual(['Tiny.gguf', 'mmproj-F16.gguf']);
  });

  it('that are a projector alone are told to be opened with their model', async () => {
    expect((await failureOf(planCopy([projector()]))).kind).toBe('projector-alone');
    const two = [projector(), local('mmproj.gguf', projectorBlob(eyes))];
    expect((await failureOf(planCopy(two))).kind).toBe('projector-alone');
  });

  it('with a projector that is cut off are refused before anything is copied', async () => {
    const cut = local('mmproj.gguf', projectorBlob(eyes).slice(0, -8));
    expect((await failureOf(planCopy([model(), cut]))).kind).toBe('file-truncated');
  });

  it('of two models with a projector are no model', async () => {
    const two = [model(), local('Other.gguf', modelBlob()), projector()];
    expect((await failureOf(planCopy(two))).kind).toBe('file-missing');
  });
});
