import { afterEach, describe, expect, it, vi } from 'vitest';
import type { WeightsManifest } from '../../src/shared/protocol/weights';
import { chooseSavePlace, savedManifest } from '../../src/models/shelf/save-model';
import { parseManifestFile } from '../../workers/weights/inspect/manifest-file';

const sha256 = 'ab'.repeat(32);
const manifest: WeightsManifest = {
  modelId: 'hub:a/b',
  name: 'Two parts',
  format: 'gguf',
  licence: 'MIT',
  source: { kind: 'hub', repository: 'a/b', commit: 'c'.repeat(40) },
  files: [
    { path: 'q4/a-00001-of-00002.gguf', bytes: 3, sha256 },
    { path: 'q4/a-00002-of-00002.gguf', bytes: 4, etag: '"x"', url: 'https://example.org/x' },
  ],
};
const stored = manifest.files.map(({ path, bytes }) => ({ path, blob: new Blob(['x'.repeat(bytes)]) }));

/** A folder as the File System Access API has it, in memory. */
class MemoryFolder {
  readonly written = new Map<string, string>();
  constructor(
    private readonly path = '',
    private readonly all = new Map<string, string>(),
    private readonly error: Error | null = null,
  ) {
    this.written = all;
  }
  getDirectoryHandle = (name: string): Promise<MemoryFolder> =>
    Promise.resolve(new MemoryFolder(`${this.path}${name}/`, this.all, this.error));
  getFileHandle = (name: string): Promise<object> =>
    Promise.resolve({
      createWritable: () => {
        const { error, all, path } = this;
        if (error) return Promise.reject(error);
        const decoder = new TextDecoder();
        let text = '';
        return Promise.resolve(
          new WritableStream<Uint8Array>({
            write: (bytes) => void (text += decoder.decode(bytes)),
            close: () => void all.set(path + name, text),
          }),
        );
      },
    });
}

describe('a model that is saved as files', () => {
  afterEach(() => vi.unstubAllGlobals());

  it('brings a manifest that Sotto reads again', () => {
    const projector = { path: 'q4/a-00002-of-00002.gguf', sees: true, hears: false };
    const written: unknown = JSON.parse(JSON.stringify(savedManifest({ ...manifest, projector })));
    expect(parseManifestFile(written, 'a test')).toEqual({
      version: 1,
      name: 'Two parts',
      format: 'gguf',
      licence: 'MIT',
      files: [
        { path: 'q4/a-00001-of-00002.gguf', bytes: 3, sha256 },
        { path: 'q4/a-00002-of-00002.gguf', bytes: 4 },
      ],
      projector,
    });
  });

  it('keeps its folders, with the manifest beside them', async () => {
    const folder = new MemoryFolder();
    vi.stubGlobal('showDirectoryPicker', () => Promise.resolve(folder));
    const place = await chooseSavePlace(2);
    expect(await place?.save(stored, manifest)).toBeNull();
    expect([...folder.written.keys()].sort()).toEqual([
      'q4/a-00001-of-00002.gguf',
      'q4/a-00002-of-00002.gguf',
      'sotto-manifest.json',
    ]);
    expect(folder.written.get('q4/a-00002-of-00002.gguf')).toBe('xxxx');
  });

  it('tells when the folder is full', async () => {
    const folder = new MemoryFolder('', new Map(), new DOMException('full', 'QuotaExceededError'));
    vi.stubGlobal('showDirectoryPicker', () => Promise.resolve(folder));
    const place = await chooseSavePlace(2);
    expect((await place?.save(stored, manifest))?.kind).toBe('weights-storage-full');
  });

  it('is not saved when the person changes their mind', async () => {
    vi.stubGlobal('showDirectoryPicker', () => Promise.reject(new DOMException('no', 'AbortError')));
    expect(await chooseSavePlace(2)).toBeNull();
  });

  it('asks for no folder for one file', async () => {
    const pick = vi.fn();
    vi.stubGlobal('showDirectoryPicker', pick);
    expect(await chooseSavePlace(1)).not.toBeNull();
    expect(pick).not.toHaveBeenCalled();
  });
});
