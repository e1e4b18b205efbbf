// @vitest-environment node
/** A search of the model host, against one that behaves as the real one does, and worse. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { FailureError } from '../../src/shared/protocol/failure';
import { officialHub, parseHub, type ModelHub } from '../../src/shared/domain/model-hub';
import type { HubModel } from '../../src/shared/protocol/weights';
import { searchHub } from '../../workers/weights/inspect/search-hub';
import { type Hub, startHub } from '../fixtures/hub/hub-server';
import { addStandardRepositories } from '../fixtures/hub/standard-repositories';

let hub: Hub;
const realFetch = globalThis.fetch;
const look = (): { signal: AbortSignal; silenceMs: number } => ({
  signal: new AbortController().signal,
  silenceMs: 500,
});

beforeAll(async () => {
  hub = await startHub();
  addStandardRepositories(hub);
  hub.addRepository({
    id: 'sotto-tests/popular-gguf',
    licence: 'mit',
    downloads: 5000,
    files: [
      { path: 'popular-Q4_K_M.gguf', content: { bytes: 1000, seed: 1 } },
      { path: 'popular-Q8_0.gguf', content: { bytes: 3000, seed: 2 } },
      { path: 'mmproj-popular.gguf', content: { bytes: 9000, seed: 3 } },
    ],
  });
});
beforeEach(() => {
  hub.reset();
  vi.stubGlobal('self', { location: { origin: 'https://sotto.example' } });
  // The policy of a build names the hub; here it stands on this machine.
  vi.stubGlobal('fetch', (address: string, init: RequestInit) =>
    realFetch(address.replace('https://huggingface.co', hub.origin), init),
  );
});
afterEach(() => vi.unstubAllGlobals());
afterAll(() => hub.close());

const search = (
  text: string,
  format: 'gguf' | 'mlc' = 'gguf',
  at: ModelHub = officialHub,
): Promise<readonly HubModel[]> => searchHub({ text, format }, at, look());

async function failureOf(work: Promise<unknown>): Promise<unknown> {
  try {
    return await work;
  } catch (error) {
    return error instanceof FailureError ? error.failure.kind : error;
  }
}

describe('a search of the model host', () => {
  it('tells the most downloaded first, with license, parameters and the range of sizes', async () => {
    const found = await search('sotto-tests gguf');
    expect(found[0]).toEqual({
      repository: 'sotto-tests/popular-gguf',
      format: 'gguf',
      downloads: 5000,
      gated: false,
      license: 'mit',
      parameters: 494_032_768,
      // Each with the projector that comes with it.
      bytes: { least: 10_000, most: 12_000 },
    });
    expect(found.map(({ repository }) => repository)).toContain('sotto-tests/tiny-gguf');
    // One for the list, and one for the size of each.
    expect(hub.log.filter(({ place }) => place === 'search')).toHaveLength(1);
    expect(hub.log.filter(({ place }) => place === 'tree')).toHaveLength(found.length);
  });

  it('finds MLC weights, with the size of all of them', async () => {
    const found = await search('mlc', 'mlc');
    expect(found.map(({ repository }) => repository)).toEqual(['sotto-tests/mlc-tiny']);
    expect(found[0]?.bytes?.most).toBeGreaterThan(4e6);
  });

  it('says which ones want permission', async () => {
    expect(await search('gated')).toMatchObject([{ repository: 'sotto-tests/gated', gated: true, license: 'other' }]);
  });

  it('finds nothing without making an error of it', async () => {
    expect(await search('no such thing')).toEqual([]);
  });
});

describe('a host that misbehaves', () => {
  it('names what is no repository: it is left out, and no address is made of it', async () => {
    hub.fault({ type: 'search-nonsense' });
    const found = await search('popular');
    expect(found.map(({ repository }) => repository)).toEqual(['sotto-tests/popular-gguf']);
    expect(hub.log.map(({ path }) => path).filter((path) => /passwd|script|deeper/.test(path))).toEqual([]);
  });

  it('does not tell the files of one: its size is unknown, the rest is there', async () => {
    hub.fault({ type: 'status', status: 404, at: ['tree'], path: 'popular' });
    const found = await search('sotto-tests gguf');
    expect(found[0]).toMatchObject({ repository: 'sotto-tests/popular-gguf' });
    expect(found[0]).not.toHaveProperty('bytes');
    expect(found.at(-1)).toHaveProperty('bytes');
  });

  it.each([
    ['half of its answer', { type: 'malformed-json', at: ['search'] }, 'download-not-weights'],
    ['a login page', { type: 'html', at: ['search'] }, 'download-not-weights'],
    ['an object instead of a list', { type: 'json-error', at: ['search'] }, 'download-not-weights'],
    ['an error of its own', { type: 'status', status: 500, at: ['search'] }, 'host-down'],
    ['nothing at all', { type: 'silent', at: ['search'] }, 'host-unreachable'],
    ['that it is asked too often', { type: 'status', status: 429, retryAfter: 60, at: ['search'] }, 'host-busy'],
  ] as const)('says %s: a true failure', async (_, fault, kind) => {
    hub.fault(fault);
    expect(await failureOf(search('popular'))).toBe(kind);
  });

  it('has no search: that is said, and nothing is asked', async () => {
    const other = parseHub('https://models.example/{repo}/{path}');
    expect(await failureOf(search('popular', 'gguf', other ?? officialHub))).toBe('search-unavailable');
    expect(hub.log).toEqual([]);
  });

  it('is let go when a person cancels', async () => {
    hub.fault({ type: 'silent', at: ['search'] });
    const abort = new AbortController();
    const asked = failureOf(
      searchHub({ text: 'popular', format: 'gguf' }, officialHub, { signal: abort.signal, silenceMs: 5000 }),
    );
    abort.abort(new Error('cancelled'));
    expect(String(await asked)).toContain('cancelled');
  });
});
