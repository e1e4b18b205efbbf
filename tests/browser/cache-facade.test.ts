/** What WebLLM takes for the browser's cache. */
import { describe, expect, it } from 'vitest';
import { cacheFacade } from '../../workers/engine/webllm/cache-facade';
import { modelFolder } from '../../workers/engine/webllm/model-folder';
import { mlcFiles } from '../fixtures/mlc-files';

const folder = await modelFolder('hub:a/b/"ü" #?', mlcFiles());
const served: string[] = [];
const cache = await cacheFacade(folder.files, ({ path }) => void served.push(path)).open('webllm/model');
const at = (name: string): string => new URL(name, folder.url).href;

describe('the facade', () => {
  it('answers with the bytes of the store, their length and type', async () => {
    const response = await cache.match(new Request(at('tensor-cache.json')));
    expect(response?.headers.get('Content-Type')).toBe('application/json');
    expect(await response?.json()).toHaveProperty('records');
    const shard = await cache.match(at('params_shard_1.bin'));
    expect(shard?.headers.get('Content-Length')).toBe('8192');
    expect((await shard?.arrayBuffer())?.byteLength).toBe(8192);
    expect((await cache.match(new Request(folder.libraryUrl)))?.headers.get('Content-Type')).toBe('application/wasm');
    expect(served).toEqual(['tensor-cache.json', 'params_shard_1.bin', 'library/model.wasm']);
  });

  it('can be asked twice for the same file', async () => {
    for (let time = 0; time < 2; time += 1)
      expect(await (await cache.match(at('tokenizer.json')))?.text()).toContain('BPE');
  });

  it('knows all its keys without reading, and nothing else', async () => {
    const keys = (await cache.keys()).map(({ url }) => url);
    for (const name of ['mlc-chat-config.json', 'tensor-cache.json', 'params_shard_0.bin', 'tokenizer.json'])
      expect(keys).toContain(at(name));
    expect(await cache.match(at('tokenizer.model'))).toBeUndefined();
    expect(await cache.match('https://huggingface.co/tensor-cache.json')).toBeUndefined();
  });

  it('adds nothing and deletes nothing', async () => {
    await expect(cache.add(new Request(at('params_shard_9.bin')))).rejects.toThrow('params_shard_9.bin');
    await expect(cache.delete()).rejects.toThrow('file-missing');
  });

  it('has addresses that WebLLM leaves as they are, on a host that no network has', () => {
    for (const url of folder.files.keys()) {
      expect(new URL(url).href).toBe(url);
      expect(new URL(url).hostname).toBe('weights.invalid');
    }
    expect(folder.url).toMatch(/^https:.+\/resolve\/.+\/$/);
    // WebLLM fetches such libraries past its cache.
    expect(folder.libraryUrl).not.toContain('localhost');
  });
});
