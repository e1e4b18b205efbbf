/** Not every browser has `Blob.prototype.stream` in workers, or byte streams: what reads files needs neither. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { zipOf } from '../fixtures/zip';

const MiB = 1024 ** 2;
const content = new Uint8Array(5 * MiB + 3).map((_, index) => (index * 7 + (index >> 11)) % 256);
const hexOf = (bytes: ArrayBuffer): string =>
  [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
const expected = hexOf(await crypto.subtle.digest('SHA-256', content));
const chats = JSON.stringify([{ role: 'user', content: 'hello' }]);
const archive = await zipOf({ 'chats.json': chats });

const stream = Object.getOwnPropertyDescriptor(Blob.prototype, 'stream') ?? {};
afterEach(() => {
  Object.defineProperty(Blob.prototype, 'stream', stream);
  vi.resetModules();
});

/** As in workers of WebKit: no stream, or one that fills no buffer of the reader's. */
const browsers: Readonly<Record<string, () => void>> = {
  'no streams': () => Reflect.deleteProperty(Blob.prototype, 'stream'),
  'no byte streams': () =>
    void Object.defineProperty(Blob.prototype, 'stream', {
      ...stream,
      value: function (this: Blob) {
        return new Response(this).body?.pipeThrough(new TransformStream());
      },
    }),
};

describe.each(Object.entries(browsers))('with %s', (_, limit) => {
  beforeEach(() => {
    vi.resetModules();
    limit();
  });

  it('a file is hashed to the last byte', async () => {
    const { RunningHashes } = await import('../../workers/weights/verify/running-hashes');
    const hashes = new RunningHashes();
    const { id } = await hashes.begin();
    await hashes.update(id, new Blob([content.subarray(0, 3 * MiB)]));
    await hashes.update(id, new Blob([]));
    await hashes.update(id, new Blob([content.subarray(3 * MiB)]));
    expect(hashes.end(id)).toBe(expected);
  });

  it('an archive is read, and the files in it', async () => {
    const { zipEntries } = await import('../../workers/zip-entries');
    for await (const entry of zipEntries(archive)) {
      expect(entry.name).toBe('chats.json');
      expect(await new Response(entry.stream()).text()).toBe(chats);
    }
  });

  it('a file of chats is read from its beginning to its end', async () => {
    const { fileParts } = await import('../../workers/chat-files/file-parts');
    const file = new Blob([' '.repeat(5 * MiB), '[]']);
    let read = 0;
    for await (const part of fileParts(file, (bytes) => (read += bytes))) expect(part.reading).toBeDefined();
    expect(read).toBe(file.size);
  });
});
