/** "Open a file": models of this device are copied into the store, verified, and carried away again. No network. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LocalFile } from '../../src/shared/protocol/weights';
import { scriptedModel } from '../fixtures/scripted-gguf';
import { failureOf, valueOf } from '../fixtures/outcomes';
import { deleteWeights, hearProgress, WeightsProbe } from '../fixtures/weights-probe';

const collect = (pieces: Iterable<Uint8Array<ArrayBuffer>>): Blob => new Blob([...pieces]);
const gguf = (): Blob => collect(scriptedModel({ answer: ['hello ', 'world '] }));
const local = (path: string, content: BlobPart): LocalFile => ({
  path,
  file: new File([content], path.split('/').at(-1) ?? path, { lastModified: 1 }),
});
const sha256 = async (blob: Blob): Promise<string> =>
  [...new Uint8Array(await crypto.subtle.digest('SHA-256', await blob.arrayBuffer()))]
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join('');

/** Larger than two chunks, and not a multiple of one. */
function largeBlob(): Blob {
  const bytes = new Uint8Array(40 * 1024 ** 2 + 12345);
  for (let at = 0; at < bytes.length; at += 4096) bytes[at] = (at / 4096) % 251;
  return new Blob([bytes]);
}

const mlcFolder = (shard: Blob): LocalFile[] => [
  local('mlc-chat-config.json', '{"tokenizer_files":["tokenizer.json"]}'),
  local('tensor-cache.json', '{"records":[{"dataPath":"params_shard_0.bin"}]}'),
  local('tokenizer.json', '{}'),
  local('params_shard_0.bin', shard),
  local('README.md', 'words'),
];

describe('files of this device', () => {
  let probe: WeightsProbe;
  beforeEach(async () => {
    await deleteWeights();
    probe = new WeightsProbe();
    await probe.api.configure({ hubUrl: 'https://huggingface.co' });
  });
  afterEach(() => probe.kill());

  it('a GGUF becomes a model that is whole, verified and byte for byte the same', async () => {
    const content = gguf();
    const id = valueOf(await probe.api.copyFiles([local('Tiny-Q4_K_M.gguf', content)]));
    const model = await probe.reaches(id, 'ready');
    expect(model.manifest.name).toBe('Tiny-Q4_K_M');
    expect(model.manifest.gguf?.architecture).toBe('qwen2');
    expect(model.storedBytes).toBe(content.size);
    const [file] = valueOf(await probe.api.open(id));
    expect(await sha256(file?.blob ?? new Blob())).toBe(await sha256(content));
  });

  it('a folder of MLC weights is copied without what is no part of it, in chunks, and read back the same', async () => {
    const shard = largeBlob();
    const heard = hearProgress();
    const id = valueOf(await probe.api.copyFiles(mlcFolder(shard)));
    const files = valueOf(await probe.api.open(id));
    heard.close();
    expect(files.map(({ path }) => path).sort()).toEqual([
      'mlc-chat-config.json',
      'params_shard_0.bin',
      'tensor-cache.json',
      'tokenizer.json',
    ]);
    const stored = files.find(({ path }) => path.endsWith('.bin'))?.blob ?? new Blob();
    expect(await sha256(stored)).toBe(await sha256(shard));
    expect(heard.events.some(({ phase }) => phase === 'copying')).toBe(true);
    for (const { receivedBytes, totalBytes } of heard.events) expect(receivedBytes).toBeLessThanOrEqual(totalBytes);
  });

  it('hashes of a manifest beside the files are compared, and a wrong file is named', async () => {
    const shard = largeBlob();
    const folder = mlcFolder(shard).slice(0, 4);
    const manifestFor = async (hash: string): Promise<LocalFile> =>
      local(
        'sotto-manifest.json',
        JSON.stringify({
          version: 1,
          name: 'Carried',
          format: 'mlc',
          licence: 'MIT',
          files: folder.map(({ path, file }) => ({
            path,
            bytes: file.size,
            ...(path.endsWith('.bin') && { sha256: hash }),
          })),
        }),
      );
    const wrong = failureOf(await probe.api.copyFiles([...folder, await manifestFor('0'.repeat(64))]));
    expect(wrong).toMatchObject({ kind: 'download-wrong', subject: 'params_shard_0.bin' });
    expect(valueOf(await probe.api.list())).toEqual([]);

    const id = valueOf(await probe.api.copyFiles([...folder, await manifestFor(await sha256(shard))]));
    const model = await probe.reaches(id, 'ready');
    expect(model.manifest).toMatchObject({ name: 'Carried', licence: 'MIT', format: 'mlc' });
  });

  it.each([
    ['file-not-gguf', async () => [local('page.gguf', '<!doctype html><title>Log in</title>')]],
    ['file-truncated', async () => [local('cut.gguf', gguf().slice(0, Math.floor(gguf().size * 0.7)))]],
    ['file-missing', async () => []],
  ] as const)('%s is told before anything is stored', async (kind, files) => {
    expect(failureOf(await probe.api.copyFiles(await files())).kind).toBe(kind);
    expect(valueOf(await probe.api.list())).toEqual([]);
  });

  it('a model that is removed can be brought back', async () => {
    const id = valueOf(await probe.api.copyFiles([local('Tiny.gguf', gguf())]));
    valueOf(await probe.api.remove(id));
    expect(await probe.model(id)).toBeUndefined();
    expect(failureOf(await probe.api.open(id)).kind).toBe('weights-incomplete');
    valueOf(await probe.api.restore(id));
    expect(valueOf(await probe.api.open(id))).toHaveLength(1);
  });
});
