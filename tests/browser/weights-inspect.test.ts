/** What lies at an address: everything a person may paste into "Model URL", through the real worker. */
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import type { Inspection, StoredModel, WeightsManifest } from '../../src/shared/protocol/weights';
import { HubControl } from '../fixtures/hub/hub-control';
import { failureOf, valueOf } from '../fixtures/outcomes';
import { deleteWeights, WeightsProbe } from '../fixtures/weights-probe';

const hub = inject('hub');
const control = new HubControl(hub.origin);
let probe: WeightsProbe;

beforeEach(async () => {
  probe = await WeightsProbe.afresh(control);
});
afterEach(() => probe.kill());

const look = async (url: string, libraryUrl?: string): Promise<Inspection> =>
  valueOf(await probe.api.inspect({ url, ...(libraryUrl !== undefined && { libraryUrl }) }));

async function modelAt(url: string, libraryUrl?: string): Promise<WeightsManifest> {
  const inspection = await look(url, libraryUrl);
  if (inspection.kind !== 'model') throw new Error(`a choice of ${inspection.choices.length}`);
  return inspection.manifest;
}

async function fetched(manifest: WeightsManifest): Promise<StoredModel> {
  valueOf(await probe.api.download(manifest));
  return probe.reaches(manifest.modelId, 'ready');
}

describe('an address of the hub', () => {
  const forms = [
    'sotto-tests/tiny-gguf',
    'https://huggingface.co/sotto-tests/tiny-gguf',
    'https://huggingface.co/sotto-tests/tiny-gguf/tree/main',
    'https://huggingface.co/sotto-tests/tiny-gguf/blob/main/tiny-Q4_K_M.gguf',
    ' https://hf.co/sotto-tests/tiny-gguf/resolve/main/tiny-Q4_K_M.gguf?download=true ',
    `${hub.origin}/sotto-tests/tiny-gguf`,
  ];
  it.each(forms)('%s is the same model', async (url) => {
    const { files, gguf, licence, name, source } = await modelAt(url);
    expect(name).toBe('tiny-Q4_K_M');
    expect(licence).toBe('apache-2.0');
    expect(files).toHaveLength(1);
    expect(files[0]?.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(source).toMatchObject({ kind: 'hub', repository: 'sotto-tests/tiny-gguf' });
    expect(gguf).toMatchObject({ architecture: 'qwen2', hasChatTemplate: true, contextTokens: 4096 });
  });

  it('of a repository with several models gives the choice, and each can be asked for', async () => {
    const inspection = await look('sotto-tests/two-ggufs');
    if (inspection.kind !== 'choice') throw new Error('expected a choice');
    expect(inspection.choices.map(({ path }) => path)).toEqual(['two-Q4_K_M.gguf', 'two-Q8_0.gguf']);
    const names: string[] = [];
    for (const { url } of inspection.choices) names.push((await modelAt(url)).name);
    expect(names).toEqual(['two-Q4_K_M', 'two-Q8_0']);
  });

  it('of a split GGUF brings all parts, in order', async () => {
    const model = await fetched(await modelAt('sotto-tests/split-gguf'));
    expect(model.manifest.gguf?.splitCount).toBe(3);
    expect(valueOf(await probe.api.open(model.manifest.modelId)).map(({ path }) => path.slice(-19))).toEqual([
      '-00001-of-00003.gguf'.slice(-19),
      '-00002-of-00003.gguf'.slice(-19),
      '-00003-of-00003.gguf'.slice(-19),
    ]);
  });

  it('of MLC weights brings config, tokenizer, shards and the library from elsewhere', async () => {
    const manifest = await modelAt('sotto-tests/mlc-tiny', `${hub.origin}/files/mlc-tiny.wasm`);
    const model = await fetched(manifest);
    expect(model.manifest.format).toBe('mlc');
    // What a device has to be asked, before the bytes.
    expect(manifest.mlc).toMatchObject({
      architecture: 'qwen2',
      quantisation: 'q4f32_1',
      contextTokens: 4096,
      largestTensorBytes: 2_500_000,
      tensorBytes: 4_700_000,
      kvBytesPerToken: 2 * 2 * 2 * 64 * 4,
    });
    expect(manifest.library).toEqual({ path: 'library/mlc-tiny.wasm' });
    const paths = valueOf(await probe.api.open(manifest.modelId)).map(({ path }) => path);
    for (const path of ['mlc-chat-config.json', 'tensor-cache.json', 'tokenizer.json', 'library/mlc-tiny.wasm'])
      expect(paths).toContain(path);
    expect(paths.some((path) => /params_shard_\d+\.bin/.test(path))).toBe(true);
  });

  it('keeps to its commit, whatever is pushed later', async () => {
    await control.addRepository({
      id: 'sotto-tests/moving',
      files: [{ path: 'a.gguf', content: { text: 'not a model' } }],
    });
    expect(failureOf(await probe.api.inspect({ url: 'sotto-tests/moving' })).kind).toBe('file-not-gguf');
  });

  it('that holds no model is told', async () => {
    await control.addRepository({
      id: 'sotto-tests/words',
      files: [{ path: 'README.md', content: { text: 'words' } }],
    });
    expect(failureOf(await probe.api.inspect({ url: 'sotto-tests/words' })).kind).toBe('address-not-understood');
  });
});

describe('an address of any other host', () => {
  beforeEach(async () => {
    valueOf(await probe.api.configure({ hubUrl: 'https://huggingface.co' }));
  });

  it('of a GGUF gives its size and header, and no hash to compare with', async () => {
    await control.set({ allowHeaders: ['Range', 'If-Range'], preflightSeconds: 0 });
    const manifest = await modelAt(`${hub.origin}/files/bare/tiny.gguf`);
    expect(manifest.gguf?.architecture).toBe('qwen2');
    expect(manifest.files[0]).toMatchObject({ path: 'tiny.gguf' });
    expect(manifest.files[0]?.etag).toMatch(/^"/);
    const model = await fetched(manifest);
    expect(model.hashesCompared).toBe(false);
    expect((await control.log()).some(({ ifRange }) => ifRange !== null)).toBe(true);
  });

  it('works where the host refuses the condition, hides its headers, or sends whole files only', async () => {
    for (const fault of [{ type: 'hide-headers' }, { type: 'ignore-range' }, { type: 'etag', as: 'weak' }] as const) {
      await deleteWeights();
      const number = await control.fault(fault);
      const manifest = await modelAt(`${hub.origin}/files/bare/tiny.gguf`);
      expect((await fetched(manifest)).state).toBe('ready');
      await control.clearFaults(number);
    }
  });

  it('of a folder with a manifest takes names and hashes from it', async () => {
    const manifest = await modelAt(`${hub.origin}/files/folder/`);
    expect(manifest).toMatchObject({ name: 'Tiny from a folder', licence: 'apache-2.0', format: 'gguf' });
    expect((await fetched(manifest)).hashesCompared).toBe(true);
  });

  it('of a folder with a hostile manifest is refused', async () => {
    const good = { path: 'a.gguf', bytes: 10 };
    const hostile = [
      { version: 2, name: 'a', format: 'gguf', files: [good] },
      { version: 1, name: 'a', format: 'exe', files: [good] },
      { version: 1, name: 'a', format: 'gguf', files: [] },
      { version: 1, name: 'a', format: 'gguf', files: [good, good] },
      { version: 1, name: 'a', format: 'gguf', files: [{ ...good, path: '../../a.gguf' }] },
      { version: 1, name: 'a', format: 'gguf', files: [{ ...good, path: '/a.gguf' }] },
      { version: 1, name: 'a', format: 'gguf', files: [{ ...good, bytes: -1 }] },
      { version: 1, name: 'a', format: 'gguf', files: [{ ...good, bytes: 2 ** 60 }] },
      { version: 1, name: 'a', format: 'gguf', files: [{ ...good, sha256: 'zz' }] },
      [],
      'words',
    ];
    for (const [index, value] of hostile.entries()) {
      await control.addFile(`hostile${index}/sotto-manifest.json`, { text: JSON.stringify(value) });
      const result = await probe.api.inspect({ url: `${hub.origin}/files/hostile${index}/` });
      // Either the manifest is refused, or, refused, the folder holds nothing else.
      expect(['download-not-weights', 'address-not-understood'], JSON.stringify(value)).toContain(
        failureOf(result).kind,
      );
    }
  });

  it('whose file changes after a pause is noticed, and never continued with the other one', async () => {
    const MiB = 1024 ** 2;
    await control.addFile('changing/params.bin', { bytes: 40 * MiB, seed: 5 });
    const small = [
      ['mlc-chat-config.json', '{"tokenizer_files":["tokenizer.json"]}'],
      ['ndarray-cache.json', '{"records":[{"dataPath":"params.bin"}]}'],
      ['tokenizer.json', '{}'],
    ] as const;
    for (const [path, text] of small) await control.addFile(`changing/${path}`, { text });
    await control.addFile('changing/sotto-manifest.json', {
      text: JSON.stringify({
        version: 1,
        name: 'Changing',
        format: 'mlc',
        files: [
          { path: 'params.bin', bytes: 40 * MiB },
          ...small.map(([path, text]) => ({ path, bytes: text.length })),
        ],
      }),
    });
    const manifest = await modelAt(`${hub.origin}/files/changing/`);
    expect(manifest.files[0]?.etag).toMatch(/^"/);
    await control.set({ bytesPerSecond: 10e6 });
    valueOf(await probe.api.download(manifest));
    const storedBytes = async (): Promise<number> => (await probe.model(manifest.modelId))?.storedBytes ?? 0;
    await expect.poll(storedBytes, { timeout: 15_000 }).toBeGreaterThan(0);
    valueOf(await probe.api.pause(manifest.modelId));
    await control.addFile('changing/params.bin', { bytes: 40 * MiB, seed: 6 });
    await control.set({ bytesPerSecond: null });
    valueOf(await probe.api.resume(manifest.modelId));
    await expect(probe.reaches(manifest.modelId, 'ready')).rejects.toThrow('download-changed');
    // Tried again, the new one is meant, from its beginning.
    await control.clearLog();
    valueOf(await probe.api.resume(manifest.modelId));
    await probe.reaches(manifest.modelId, 'ready');
    const sent = (await control.log()).reduce((sum, entry) => sum + (entry.status === 206 ? entry.bytesWritten : 0), 0);
    expect(sent).toBeGreaterThanOrEqual(40 * MiB);
    const smallBytes = small.reduce((sum, [, text]) => sum + text.length, 0);
    expect(valueOf(await probe.api.space()).weightsBytes).toBe(40 * MiB + smallBytes);
  });

  it('with the older name of the table is a folder of weights, too', async () => {
    const texts = {
      'mlc-chat-config.json': '{"tokenizer_files":["tokenizer.json"]}',
      'ndarray-cache.json': '{"records":[{"dataPath":"params_shard_0.bin"}]}',
      'tokenizer.json': '{}',
      'params_shard_0.bin': 'weights',
    };
    for (const [path, text] of Object.entries(texts)) await control.addFile(`older/${path}`, { text });
    const manifest = await modelAt(`${hub.origin}/files/older/`);
    expect(manifest.files.map(({ path }) => path).sort()).toEqual(Object.keys(texts).sort());
  });

  it.each([
    ['only the table of its tensors', ['ndarray-cache.json'], 'mlc-chat-config.json, params_shard_0.bin'],
    ['no shard', ['mlc-chat-config.json', 'ndarray-cache.json', 'tokenizer.json'], 'params_shard_0.bin'],
    ['only a config', ['mlc-chat-config.json', 'tokenizer.json'], 'tensor-cache.json'],
  ])('with %s is refused, with the names of what is missing', async (name, paths, missing) => {
    const texts: Readonly<Record<string, string>> = {
      'mlc-chat-config.json': '{"tokenizer_files":["tokenizer.json"]}',
      'ndarray-cache.json': '{"records":[{"dataPath":"params_shard_0.bin"}]}',
      'tokenizer.json': '{}',
    };
    const folder = `lacking/${name.replaceAll(' ', '-')}`;
    for (const path of paths) await control.addFile(`${folder}/${path}`, { text: texts[path] ?? '' });
    const files = paths.map((path) => ({ path, content: { text: texts[path] ?? '' } }));
    await control.addRepository({ id: 'sotto-tests/lacking', files });
    for (const url of [`${hub.origin}/files/${folder}/`, `${hub.origin}/sotto-tests/lacking`]) {
      valueOf(await probe.api.configure({ hubUrl: hub.origin }));
      expect(failureOf(await probe.api.inspect({ url }))).toMatchObject({ kind: 'weights-lacking', subject: missing });
    }
    const opened = files.map(({ path, content }) => ({ path, file: new File([content.text], path) }));
    expect(failureOf(await probe.api.copyFiles(opened))).toMatchObject({ kind: 'weights-lacking', subject: missing });
  });

  it('is not asked when the policy does not allow it', async () => {
    expect(failureOf(await probe.api.inspect({ url: 'https://models.example/x.gguf' }))).toMatchObject({
      kind: 'host-not-allowed',
      subject: 'models.example',
    });
    valueOf(await probe.api.configure({ hubUrl: hub.origin }));
    const words = await probe.api.inspect({
      url: 'sotto-tests/mlc-tiny',
      libraryUrl: 'https://models.example/lib.wasm',
    });
    expect(failureOf(words).kind).toBe('host-not-allowed');
  });
});

describe('an inspection', () => {
  it('can be cancelled', async () => {
    await control.fault({ type: 'silent', at: ['revision'] });
    await control.clearLog();
    const asking = probe.api.inspect({ url: 'sotto-tests/tiny-gguf' }, 'this one');
    await expect.poll(async () => (await control.log()).some(({ place }) => place === 'revision')).toBe(true);
    await probe.api.cancelInspection('this one');
    expect(failureOf(await asking).kind).toBe('cancelled');
  });

  it('reads a little of a large file', async () => {
    await control.clearLog();
    await modelAt('sotto-tests/tiny-gguf');
    const log = await control.log();
    expect(log.filter(({ status }) => status === 206).length).toBeLessThanOrEqual(2);
  });
});
