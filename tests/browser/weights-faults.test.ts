/** Everything a host, a disk or a browser can do wrong to a download: it passes, or it ends in a named failure with nothing lost. */
import { cdp } from 'vitest/browser';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import type { FailureKind } from '../../src/shared/protocol/failure';
import type { StoredModel, WeightsManifest } from '../../src/shared/protocol/weights';
import type { Fault } from '../fixtures/hub/fault';
import { HubControl } from '../fixtures/hub/hub-control';
import { failureOf, valueOf } from '../fixtures/outcomes';
import { hearProgress, WeightsProbe } from '../fixtures/weights-probe';

const hub = inject('hub');
const control = new HubControl(hub.origin);
const MiB = 1024 ** 2;
const large = 40 * MiB + 777;
const repository = 'sotto-tests/faulty';
const files = [
  { path: 'mlc-chat-config.json', content: { text: '{"tokenizer_files":["tokenizer.json"]}' } },
  {
    path: 'tensor-cache.json',
    content: { text: '{"records":[{"dataPath":"params_shard_0.bin"},{"dataPath":"params_shard_1.bin"}]}' },
  },
  { path: 'tokenizer.json', content: { text: '{}' } },
  { path: 'params_shard_0.bin', content: { bytes: large, seed: 11 } },
  { path: 'params_shard_1.bin', content: { bytes: 2 * MiB, seed: 12 } },
];
const shard = `${repository}/params_shard_0.bin`;
let probe: WeightsProbe;

beforeEach(async () => {
  probe = await WeightsProbe.afresh(control);
  await control.addRepository({ id: repository, files });
});
afterEach(() => probe.kill());

async function inspected(): Promise<WeightsManifest> {
  const inspection = valueOf(await probe.api.inspect({ url: `https://huggingface.co/${repository}` }));
  if (inspection.kind !== 'model') throw new Error('expected one model');
  return inspection.manifest;
}

async function settled(modelId: string): Promise<StoredModel> {
  for (;;) {
    const model = await probe.model(modelId);
    if (model?.state === 'ready' || model?.state === 'failed') return model;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

async function downloadWith(...faults: Fault[]): Promise<StoredModel> {
  const manifest = await inspected();
  for (const fault of faults) await control.fault(fault);
  valueOf(await probe.api.download(manifest));
  return settled(manifest.modelId);
}

async function expectRightBytes({ manifest }: StoredModel): Promise<void> {
  for (const { path, blob } of valueOf(await probe.api.open(manifest.modelId))) {
    const expected = manifest.files.find((file) => file.path === path)?.sha256;
    if (expected === undefined) continue;
    const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', await blob.arrayBuffer()));
    expect([...hash].map((byte) => byte.toString(16).padStart(2, '0')).join('')).toBe(expected);
  }
}

describe('what passes by itself, or does not matter', () => {
  const harmless: readonly (readonly [string, Fault])[] = [
    ['a connection that is cut in the middle', { type: 'cut', afterBytes: 5 * MiB, times: 3 }],
    ['a connection that is reset', { type: 'cut', afterBytes: 5 * MiB, reset: true, times: 2 }],
    ['a connection that falls silent', { type: 'stall', afterBytes: 5 * MiB, times: 1 }],
    ['a server that never answers', { type: 'silent', at: ['content'], times: 1 }],
    ...[408, 425, 500, 502, 503, 504].map(
      (status) => [`status ${status}`, { type: 'status', status, at: ['content'], times: 2 }] as const,
    ),
    ['status 429 with a time', { type: 'status', status: 429, retryAfter: 1, at: ['content'], times: 1 }],
    ['a server that ignores ranges', { type: 'ignore-range' }],
    ['no length told', { type: 'chunked' }],
    ['a weak ETag', { type: 'etag', as: 'weak' }],
    ['no ETag', { type: 'etag', as: 'none' }],
    ['another ETag at the CDN than at the hub', { type: 'etag', as: 'other' }],
    ['a CDN that hides Content-Range', { type: 'hide-headers' }],
    ['no Accept-Ranges', { type: 'no-accept-ranges' }],
    ['a signed address that has expired', { type: 'expired', times: 2 }],
    ['a login page for a while', { type: 'login-redirect', times: 2, at: ['content'] }],
    ['a CDN without CORS for a while', { type: 'no-cors', times: 2 }],
    // Three requests fetch the file.
    ['one wrong byte, once', { type: 'flip', offset: 20 * MiB, path: shard, times: 3 }],
    ['a content that changes, once', { type: 'changed', path: shard, times: 3 }],
  ];
  it.each(harmless)('such as %s', async (_, fault) => {
    const model = await downloadWith(fault);
    expect(model.failure).toBeUndefined();
    expect(model.state).toBe('ready');
    await expectRightBytes(model);
  });

  it('a server that ignores ranges, and a connection that is cut: the whole again, but not for ever', async () => {
    const model = await downloadWith({ type: 'ignore-range' }, { type: 'cut', afterBytes: 5 * MiB, times: 2 });
    expect(model.state).toBe('ready');
    await expectRightBytes(model);
    const { files: counts } = await control.counts();
    expect(counts[shard]?.requests).toBeLessThan(12);
  });

  it('one wrong byte costs the bytes of its file, and of no other', async () => {
    const model = await downloadWith({ type: 'flip', offset: 20 * MiB, path: shard, times: 3 });
    expect(model.state).toBe('ready');
    const { files: counts } = await control.counts();
    expect(counts[shard]?.bytesWritten).toBe(2 * large);
    expect(counts[`${repository}/params_shard_1.bin`]?.bytesWritten).toBe(2 * MiB);
  });

  it('a cut connection is taken up where it ended', async () => {
    const model = await downloadWith({ type: 'cut', afterBytes: 5 * MiB, times: 3 });
    expect(model.state).toBe('ready');
    // What the hub wrote before it cut, and the client did not get, is all that can be lost.
    const { files: counts } = await control.counts();
    expect(counts[shard]?.bytesWritten).toBeLessThan(large + 3 * 3 * MiB);
  });
});

describe('what does not pass ends in a named failure, keeps the rest, and can be tried again', () => {
  const fatal: readonly (readonly [string, FailureKind, Fault])[] = [
    ['401', 'download-forbidden', { type: 'status', status: 401, path: shard, at: ['resolve', 'content'] }],
    ['403 of the hub', 'download-forbidden', { type: 'status', status: 403, path: shard, at: ['resolve'] }],
    ['404', 'download-not-found', { type: 'status', status: 404, path: shard, at: ['resolve'] }],
    ['410', 'download-not-found', { type: 'status', status: 410, path: shard, at: ['resolve'] }],
    ['a web page instead of weights', 'download-not-weights', { type: 'html', path: shard }],
    ['JSON with an error and 200', 'download-not-weights', { type: 'json-error', path: shard }],
    ['another range than asked for', 'download-not-weights', { type: 'wrong-range', by: 100, path: shard }],
    ['416', 'download-changed', { type: 'range-not-satisfiable', path: shard }],
    ['a wrong byte every time', 'download-wrong', { type: 'flip', offset: 20 * MiB, path: shard }],
    ['another content every time', 'download-wrong', { type: 'changed', path: shard }],
  ];
  it.each(fatal)('such as %s', async (_, kind, fault) => {
    const model = await downloadWith(fault);
    expect(model).toMatchObject({ state: 'failed', failure: { kind, subject: 'params_shard_0.bin' } });
    expect(failureOf(await probe.api.open(model.manifest.modelId)).kind).toBe('weights-incomplete');
    await control.reset();
    valueOf(await probe.api.resume(model.manifest.modelId));
    const again = await settled(model.manifest.modelId);
    expect(again.failure).toBeUndefined();
    await expectRightBytes(again);
  });

  it('a network that stays away is waited for, with the reason and the time of the next try', async () => {
    const manifest = await inspected();
    await control.fault({ type: 'no-cors' });
    const heard = hearProgress();
    valueOf(await probe.api.download(manifest));
    await expect.poll(() => heard.events.some(({ phase }) => phase === 'waiting')).toBe(true);
    const waiting = heard.events.findLast(({ phase }) => phase === 'waiting');
    expect(waiting?.obstacle?.kind).toBe('host-unreachable');
    expect(waiting?.retryAt).toBeGreaterThan(Date.now() - 5000);
    await control.clearFaults();
    await expectRightBytes(await settled(manifest.modelId));
    heard.close();
  });
});

describe('the list of files', () => {
  it.each([
    ['cut JSON', 'download-not-weights', { type: 'malformed-json' }],
    ['a web page', 'download-not-weights', { type: 'html', at: ['revision'] }],
    ['40 MB of invented files', 'download-not-weights', { type: 'tree-oversized', bytes: 40e6 }],
    ['a repository that is gone', 'download-forbidden', { type: 'status', status: 401, at: ['revision'] }],
    ['503 every time', 'host-down', { type: 'status', status: 503, at: ['tree'] }],
  ] as const)('%s is told', async (_, kind, fault) => {
    await control.fault(fault);
    expect(failureOf(await probe.api.inspect({ url: repository })).kind).toBe(kind);
  });

  it('that names each file twice, or comes in many pages, is the same list', async () => {
    const once = await inspected();
    await control.fault({ type: 'tree-duplicate' });
    await control.set({ treePageSize: 2 });
    expect((await inspected()).files).toEqual(once.files);
  });

  it('without hashes gives a model whose sizes were compared, and says so', async () => {
    await control.fault({ type: 'tree-without-hashes' });
    const model = await downloadWith();
    expect(model).toMatchObject({ state: 'ready', hashesCompared: false });
  });

  it('of a gated or unknown repository, or of no repository at all, is a failure in words', async () => {
    await control.addRepository({ id: 'sotto-tests/closed', gated: 'manual', files });
    const closed = await probe.api.inspect({ url: 'https://huggingface.co/sotto-tests/closed' });
    // The list of a gated repository may be read; its files may not.
    if (closed.ok && closed.value.kind === 'model') {
      valueOf(await probe.api.download(closed.value.manifest));
      expect((await settled(closed.value.manifest.modelId)).failure?.kind).toBe('download-forbidden');
    } else expect(failureOf(closed).kind).toBe('download-forbidden');
    expect(failureOf(await probe.api.inspect({ url: 'nobody/nothing' })).kind).toBe('download-forbidden');
    expect(failureOf(await probe.api.inspect({ url: 'just words' })).kind).toBe('address-not-understood');
    expect(failureOf(await probe.api.inspect({ url: 'https://example.org/model.gguf' }))).toMatchObject({
      kind: 'host-not-allowed',
      subject: 'example.org',
    });
  });
});

describe('the disk and the browser', () => {
  const storage = cdp() as unknown as { send(method: string, parameters: object): Promise<unknown> };

  // A quota that ends in the middle is tried in tests/e2e, with a fresh profile: Chromium remembers for half a minute how much
  // space there was.
  it('a model larger than all the space is told before it starts, and may be tried all the same', async () => {
    const manifest: WeightsManifest = {
      ...(await inspected()),
      modelId: 'huge',
      files: [{ path: 'params_shard_0.bin', bytes: 5e13 }],
    };
    const { failure } = (await probe.api.download(manifest)) as { failure?: unknown };
    expect(failure).toMatchObject({ kind: 'weights-storage-full', numbers: { neededBytes: 5e13 } });
    expect(valueOf(await probe.api.list())).toEqual([]);
    valueOf(await probe.api.download(manifest, { despiteSpace: true }));
    // The file at that address has another length.
    expect((await settled('huge')).failure?.kind).toBe('download-changed');
  });

  it('a database that the browser deletes in the middle ends the download, and the next one works', async () => {
    await control.set({ bytesPerSecond: 20e6 });
    const manifest = await inspected();
    const heard = hearProgress();
    valueOf(await probe.api.download(manifest));
    await expect.poll(() => heard.events.at(-1)?.receivedBytes ?? 0, { timeout: 20_000 }).toBeGreaterThan(5 * MiB);
    await storage.send('Storage.clearDataForOrigin', { origin: location.origin, storageTypes: 'indexeddb' });
    await expect.poll(async () => valueOf(await probe.api.list()), { timeout: 10_000 }).toEqual([]);
    heard.close();
    await control.set({ bytesPerSecond: null });
    // Time for what should have ended and has not; nothing of it is in the way.
    await new Promise((resolve) => setTimeout(resolve, 500));
    valueOf(await probe.api.download(manifest));
    await expectRightBytes(await settled(manifest.modelId));
  });
});
