// @vitest-environment node
import { describe, expect, it } from 'vitest';
import {
  arriving,
  get,
  hexOf,
  repositoryId,
  smallBytes,
  useOneRepository,
  weightsBytes,
  weightsPath,
} from '../fixtures/hub/one-repository';

const one = useOneRepository();

describe('the API', () => {
  it('tells what a repository is', async () => {
    const response = await get(`${one.hub.origin}/api/models/${repositoryId}/revision/main`, {
      Origin: 'http://localhost:1',
    });
    expect(response.headers.get('Access-Control-Allow-Origin')).toBe('http://localhost:1');
    expect(response.headers.get('Access-Control-Expose-Headers')).toContain('Content-Range');
    expect(await response.json()).toMatchObject({
      id: repositoryId,
      sha: one.commit,
      private: false,
      gated: false,
      cardData: { license: 'mit' },
      tags: expect.arrayContaining(['license:mit']),
      siblings: [{ rfilename: 'config.json' }, { rfilename: weightsPath }],
    });
  });

  it('lists files with the hashes that git and LFS give them', async () => {
    const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${hexOf('sha256', weightsBytes)}\nsize ${weightsBytes.length}\n`;
    const response = await get(`${one.hub.origin}/api/models/${repositoryId}/tree/${one.commit}?recursive=true`);
    expect(await response.json()).toEqual([
      { type: 'directory', oid: expect.stringMatching(/^[0-9a-f]{40}$/), size: 0, path: 'folder' },
      {
        type: 'file',
        oid: hexOf('sha1', `blob ${smallBytes.length}\0`, smallBytes),
        size: smallBytes.length,
        path: 'config.json',
      },
      {
        type: 'file',
        oid: hexOf('sha1', `blob ${pointer.length}\0`, pointer),
        size: weightsBytes.length,
        lfs: { oid: hexOf('sha256', weightsBytes), size: weightsBytes.length, pointerSize: pointer.length },
        xetHash: expect.stringMatching(/^[0-9a-f]{64}$/),
        path: weightsPath,
      },
    ]);
    const top = (await (await get(`${one.hub.origin}/api/models/${repositoryId}/tree/main`)).json()) as {
      path: string;
    }[];
    expect(top.map(({ path }) => path)).toEqual(['folder', 'config.json']);
  });

  it('gives long lists page by page', async () => {
    one.hub.set({ treePageSize: 2 });
    const first = await get(`${one.hub.origin}/api/models/${repositoryId}/tree/main?recursive=true`);
    expect(await first.json()).toHaveLength(2);
    const next = /<([^>]+)>; rel="next"/.exec(first.headers.get('Link') ?? '')?.[1] ?? '';
    const second = await get(next);
    expect(await second.json()).toMatchObject([{ path: weightsPath }]);
    expect(second.headers.get('Link')).toBeNull();
  });

  it('keeps old commits when main moves', async () => {
    const moved = 'sotto-tests/moved';
    const first = one.hub.addRepository({ id: moved, files: [{ path: 'a.txt', content: { text: 'one' } }] });
    const second = one.hub.pushCommit(moved, [{ path: 'a.txt', content: { text: 'two' } }]);
    const read = async (revision: string) => (await get(`${one.hub.origin}/${moved}/resolve/${revision}/a.txt`)).text();
    expect(await Promise.all([first, second, 'main'].map(read))).toEqual(['one', 'two', 'two']);
  });

  it.each([
    ['an unknown repository', 'sotto-tests/none/resolve/main/a', 401, null, 'Invalid username or password.'],
    ['an unknown repository of the API', 'api/models/sotto-tests/none/revision/main', 401, null, 'Invalid username'],
    [
      'an unknown revision',
      `${repositoryId}/resolve/gone/config.json`,
      404,
      'RevisionNotFound',
      'Invalid rev id: gone',
    ],
    ['an unknown file', `${repositoryId}/resolve/main/none.gguf`, 404, 'EntryNotFound', 'Entry not found'],
    ['a gated repository', 'sotto-tests/locked/resolve/main/a.gguf', 401, 'GatedRepo', 'is restricted'],
  ])('refuses %s', async (_, path, status, code, message) => {
    const response = await get(`${one.hub.origin}/${path}`);
    expect([response.status, response.headers.get('X-Error-Code')]).toEqual([status, code]);
    expect(await response.text()).toContain(message);
    expect(response.headers.get('Access-Control-Allow-Origin')).not.toBeNull();
  });

  it('refuses a gated repository to those it knows, too', async () => {
    const response = await get(`${one.hub.origin}/sotto-tests/locked/resolve/main/a.gguf`, {
      Authorization: 'Bearer hf_x',
    });
    expect([response.status, response.headers.get('X-Error-Code')]).toEqual([403, 'GatedRepo']);
  });

  it('spoils the list of files', async () => {
    const tree = async () =>
      (await get(`${one.hub.origin}/api/models/${repositoryId}/tree/main?recursive=true`)).text();
    const usual = JSON.parse(await tree()) as { path: string }[];
    one.hub.fault({ type: 'tree-duplicate', times: 1 });
    expect(JSON.parse(await tree())).toEqual([...usual, ...usual]);
    one.hub.fault({ type: 'tree-without-hashes', times: 1 });
    expect(JSON.parse(await tree())).toContainEqual({ type: 'file', size: weightsBytes.length, path: weightsPath });
    one.hub.fault({ type: 'tree-oversized', bytes: 1_000_000, times: 1 });
    const long = await tree();
    expect(long.length).toBeGreaterThanOrEqual(1_000_000);
    expect(JSON.parse(long)).toEqual(expect.arrayContaining(usual));
    one.hub.fault({ type: 'malformed-json', times: 1 });
    const half = await tree();
    expect(() => JSON.parse(half) as unknown).toThrow(SyntaxError);
    expect(JSON.parse(await tree())).toEqual(usual);
  });

  it('breaks off lists and redirects, too', async () => {
    const tree = () => get(`${one.hub.origin}/api/models/${repositoryId}/tree/main`);
    one.hub.fault({ type: 'cut', afterBytes: 20, at: ['tree'], times: 1 });
    expect(await arriving(await tree())).toEqual({ bytes: 20, end: 'broken' });
    one.hub.fault({ type: 'stall', afterBytes: 5, at: ['tree'] });
    expect(await arriving(await tree())).toEqual({ bytes: 5, end: 'silent' });
    one.hub.fault({ type: 'stall', afterBytes: 0, at: ['resolve'] });
    expect((await arriving(await get(`${one.resolve}/${weightsPath}`, {}, { redirect: 'manual' }))).end).toBe('silent');
  });
});
