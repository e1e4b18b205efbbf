import { describe, expect, it } from 'vitest';
import { entries } from '../../src/models/catalog/catalog-data';
import { withProjector } from '../../src/models/catalog/with-projector';
import { localFiles, looksLikeGguf, requestFor, tidyAddress } from '../../src/models/add/model-address';

describe('an address as it is pasted', () => {
  it.each([
    ['  https://huggingface.co/a/b ', 'https://huggingface.co/a/b'],
    ['huggingface.co/a/b', 'https://huggingface.co/a/b'],
    ['http://localhost:1/x', 'http://localhost:1/x'],
    ['ftp://x/y', 'ftp://x/y'],
    ['owner/name', 'owner/name'],
    ['   ', ''],
  ])('%j becomes %j', (text, url) => {
    expect(tidyAddress(text)).toBe(url);
  });

  it('needs a model library unless it looks like a GGUF', () => {
    expect(looksLikeGguf('https://huggingface.co/unsloth/Qwen3-0.6B-GGUF')).toBe(true);
    expect(looksLikeGguf('https://example.org/model.gguf?download=true')).toBe(true);
    expect(looksLikeGguf('https://huggingface.co/mlc-ai/Qwen3-0.6B-q4f16_1-MLC')).toBe(false);
    expect(looksLikeGguf('')).toBe(false);
  });
});

describe('the request for an entry of the catalog', () => {
  it('names the file of a GGUF', () => {
    const entry = entries.find(({ id }) => id === 'qwen3-0.6b-q4_k_m');
    expect(entry && requestFor(entry)).toEqual({
      url: 'https://huggingface.co/unsloth/Qwen3-0.6B-GGUF/blob/main/Qwen3-0.6B-Q4_K_M.gguf',
      // What the catalog does not name is not taken.
      projector: null,
      known: { modelId: 'qwen3-0.6b-q4_k_m', name: 'Qwen3 0.6B (Q4_K_M)', license: 'Apache-2.0' },
    });
  });

  it('names the projector of what sees, and one that need not come only where it is wanted', () => {
    const [must, may] = ['qwen3-vl-2b-q4_k_m', 'qwen3.5-0.8b-q4_k_m'].map((name) =>
      entries.find(({ id }) => id === name),
    );
    if (!must || !may) throw new Error('the catalog has both');
    const sees = { sees: true, hears: false };
    expect(requestFor(must).projector).toEqual({ path: 'mmproj-Qwen3VL-2B-Instruct-Q8_0.gguf', ...sees });
    expect(requestFor(may).projector).toBeNull();
    expect(requestFor(withProjector(may)).projector).toEqual({ path: 'mmproj-F16.gguf', ...sees });
  });

  it('names the folder and the library of MLC weights', () => {
    const entry = entries.find(({ id }) => id === 'qwen3-0.6b-q4f16_1');
    expect(entry && requestFor(entry)).toMatchObject({
      url: 'https://huggingface.co/mlc-ai/Qwen3-0.6B-q4f16_1-MLC/tree/main',
      libraryUrl: entry?.libraryUrl,
    });
  });

  it('is a URL for all of them', () => {
    expect(entries.filter((entry) => !URL.canParse(requestFor(entry).url))).toEqual([]);
  });
});

describe('files of this device', () => {
  const file = (name: string, path: string): File =>
    Object.defineProperty(new File(['x'], name), 'webkitRelativePath', { value: path });

  it('keep their place in the folder, without its own name', () => {
    const files = [file('a.bin', 'weights/a.bin'), file('b.bin', 'weights/deep/b.bin'), file('c.gguf', '')];
    expect(localFiles(files).map(({ path }) => path)).toEqual(['a.bin', 'deep/b.bin', 'c.gguf']);
  });
});
