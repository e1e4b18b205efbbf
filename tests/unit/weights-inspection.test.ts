/** What is asked of hosts before a model is noted, against a host that keeps its files in memory. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FailureError, type FailureKind } from '../../src/shared/protocol/failure';
import { officialHub, parseHub } from '../../src/shared/domain/model-hub';
import { parseAddress } from '../../workers/weights/inspect/address';
import { probeFile } from '../../workers/weights/inspect/fetch-json';
import { findFile } from '../../workers/weights/inspect/find-on-web';
import { inspect } from '../../workers/weights/inspect/inspect';
import { findLibrary, libraryAddress, placesOf } from '../../workers/weights/inspect/library-place';
import { mlcFiles } from '../fixtures/mlc-files';

const origin = 'https://huggingface.co';
const look = { signal: new AbortController().signal, silenceMs: 5000 };
/** By path, with the query. */
let files: Map<string, Uint8Array<ArrayBuffer>>;
let asked: string[];
let answers: (url: URL, headers: Headers) => Response | Promise<Response>;

beforeEach(() => {
  files = new Map();
  asked = [];
  answers = (url, headers) => {
    const content = files.get(url.pathname + url.search);
    if (!content) return new Response('nothing', { status: 404 });
    const whole = { ETag: `"tag of ${url.pathname}"`, 'Content-Length': String(content.length) };
    const [, from, to] = /^bytes=(\d+)-(\d*)$/.exec(headers.get('Range') ?? '') ?? [];
    if (from === undefined) return new Response(content, { headers: whole });
    const end = Math.min(to ? Number(to) + 1 : content.length, content.length);
    const range = `bytes ${from}-${end - 1}/${content.length}`;
    return new Response(content.slice(Number(from), end), {
      status: 206,
      headers: { ...whole, 'Content-Length': String(end - Number(from)), 'Content-Range': range },
    });
  };
  vi.stubGlobal('fetch', async (address: string, init: { headers?: HeadersInit } = {}) => {
    const url = new URL(address);
    asked.push(url.pathname + url.search);
    return answers(url, new Headers(init.headers));
  });
});
afterEach(() => vi.unstubAllGlobals());

async function kindOf(work: () => unknown): Promise<FailureKind | string> {
  try {
    return JSON.stringify(await work());
  } catch (error) {
    return error instanceof FailureError ? error.failure.kind : String(error);
  }
}

describe('the name of a library', () => {
  const found = async (path: string) => {
    const address = libraryAddress(origin + path);
    files.set(new URL(address).pathname + new URL(address).search, new Uint8Array(8));
    return findLibrary(address, [], officialHub, look);
  };

  it.each([
    ['/a/x.wasm', 'library/x.wasm'],
    ['/a/x.wasm?download=true', 'library/x.wasm'],
    ['/a/x.wasm#part', 'library/x.wasm'],
    ['/a/x.WASM?a=/b/c', 'library/x.WASM'],
    ['/a/my%20model.wasm', 'library/my model.wasm'],
    // What is no library by its name would never be found among the files of its model.
    ['/download?file=x.wasm', 'library/download.wasm'],
    ['/', 'library/model.wasm'],
  ])('at %s is %s', async (address, path) => {
    expect((await found(address)).file).toMatchObject({ path, bytes: 8 });
  });

  it('is the one by which it is found beside the weights, whatever follows "?"', async () => {
    const beside = { path: 'a/x.wasm', bytes: 9 };
    const { file } = await findLibrary(`${origin}/b/x.wasm?download=true`, [beside], officialHub, look);
    expect(file).toBe(beside);
    expect(asked).toEqual([]);
  });

  it('at a model host is looked for without what follows "?"', () => {
    const mirror = parseHub('https://mirror.example');
    if (!mirror) throw new Error('no hub');
    const address = 'https://raw.githubusercontent.com/a/b/main/c/x.wasm?raw=1';
    expect(placesOf(address, mirror)).toEqual(['https://mirror.example/a/b/resolve/main/c/x.wasm', address]);
  });

  it.each<readonly [string, () => unknown]>([
    ['a library', () => findLibrary(libraryAddress(`${origin}/a/100%.wasm`), [], officialHub, look)],
    ['a model', () => parseAddress('https://host.example/100%.gguf', officialHub)],
    ['a file on any host', () => findFile(`${origin}/100%.gguf`, look)],
  ])('%s: a "%" that stands for no letter is no address', async (_, work) => {
    expect(await kindOf(work)).toBe('address-not-understood');
  });
});

describe('the length of a file', () => {
  const url = `${origin}/a/b.bin`;
  /** The first answer tells no length, as where CORS hides `Content-Range`. */
  const second = (answer: () => Response) => {
    answers = (_, headers) =>
      headers.get('Range') === 'bytes=0-' ? answer() : new Response(new Uint8Array(1), { status: 206 });
  };

  it('is asked for again when the network breaks off, and then the host is named', async () => {
    second(() => {
      throw new TypeError('Failed to fetch');
    });
    expect(await kindOf(() => probeFile(url, 'b.bin', look))).toBe('host-unreachable');
    expect(asked).toHaveLength(6);
  });

  it('that a busy host does not tell is no fault of the file', async () => {
    second(() => new Response('', { status: 503 }));
    expect(await kindOf(() => probeFile(url, 'b.bin', look))).toBe('host-down');
  });
});

describe('files whose content nobody states', () => {
  const put = async (folder: string, stated: (path: string) => object = () => ({})): Promise<object[]> => {
    const listed = [];
    for (const { path: found, content } of mlcFiles()) {
      const path = found.replace('library/', '');
      files.set(folder + path, new Uint8Array(await content.arrayBuffer()));
      listed.push({ path, bytes: content.size, ...stated(path) });
    }
    return listed;
  };
  const json = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));
  const filesOf = async (template: string) => {
    const hub = parseHub(template);
    if (!hub) throw new Error('no hub');
    const found = await inspect({ url: 'a/b' }, hub, look);
    return found.kind === 'model' ? found.manifest.files : [];
  };
  const tagsOf = async (template: string) =>
    Object.fromEntries((await filesOf(template)).map(({ path, etag }) => [path, etag]));

  it('have their entity tags noted at a host with a manifest', async () => {
    const listed = await put('/shelf/a/b/', (path) => (path === 'tokenizer.json' ? { sha256: '1'.repeat(64) } : {}));
    files.set('/shelf/a/b/sotto-manifest.json', json({ version: 1, name: 'B', format: 'mlc', files: listed }));
    const tags = await tagsOf(`${origin}/shelf/{repo}/{path}`);
    expect(tags['params_shard_0.bin']).toBe('"tag of /shelf/a/b/params_shard_0.bin"');
    expect(tags['model.wasm']).toBe('"tag of /shelf/a/b/model.wasm"');
    // Only one content is right for it, whatever lies there.
    expect(tags['tokenizer.json']).toBeUndefined();
  });

  it('have their entity tags noted at ModelScope, where it tells no hash', async () => {
    const listed = await put('/models/a/b/resolve/master/');
    const Files = listed.map((file) => {
      const { path, bytes } = file as { path: string; bytes: number };
      return { Path: path, Size: bytes, Type: 'blob' };
    });
    files.set('/api/v1/models/a/b/repo/files?Revision=master&Recursive=true', json({ Data: { Files } }));
    const tags = await tagsOf(`${origin}/models/{repo}/resolve/{revision}/{path}`);
    expect(tags['params_shard_1.bin']).toBe('"tag of /models/a/b/resolve/master/params_shard_1.bin"');
  });

  it('are refused when the host has others than it states', async () => {
    const listed = await put('/shelf/a/b/');
    files.set('/shelf/a/b/sotto-manifest.json', json({ version: 1, name: 'B', format: 'mlc', files: listed }));
    files.set('/shelf/a/b/params_shard_0.bin', new Uint8Array(5));
    expect(await kindOf(() => filesOf(`${origin}/shelf/{repo}/{path}`))).toBe('download-not-weights');
  });
});
