import { describe, expect, it, vi } from 'vitest';
import type { FileTransfer } from '../../workers/weights/download/file-transfer';
import type { WeightsStore } from '../../workers/weights/store/weights-store';
import { judgeFile } from '../../workers/weights/verify/file-verdict';

const abc = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';

/** A file of one chunk, and a store that reads it as it is told to. */
function oneChunk(readChunk: () => Promise<Blob | undefined>) {
  const lost = vi.fn();
  const loseChunk = vi.fn(() => Promise.resolve());
  const transfer = {
    file: { path: 'a.bin', bytes: 3, sha256: abc },
    record: { key: 'k' },
    chunks: 1,
    lengthOf: () => 3,
    lost,
  };
  const judge = () =>
    judgeFile(transfer as unknown as FileTransfer, { readChunk, loseChunk } as unknown as WeightsStore, null);
  return { judge, lost, loseChunk };
}

describe('a file of one chunk', () => {
  it('is right or wrong by its hash', async () => {
    expect(await oneChunk(() => Promise.resolve(new Blob(['abc']))).judge()).toMatchObject({
      right: true,
      sha256: abc,
    });
    expect(await oneChunk(() => Promise.resolve(new Blob(['abd']))).judge()).toMatchObject({ right: false });
  });

  it.each([
    ['unreadable', () => Promise.reject(new DOMException('gone', 'NotReadableError'))],
    ['missing', () => Promise.resolve(undefined)],
    ['too short', () => Promise.resolve(new Blob(['ab']))],
  ])('that is %s is deleted, to be fetched again', async (_, read) => {
    const { judge, lost, loseChunk } = oneChunk(read);
    expect(await judge()).toBeNull();
    expect(lost).toHaveBeenCalledWith(0);
    expect(loseChunk).toHaveBeenCalledWith('k', 0);
  });

  it('does not hide a database that fails', async () => {
    const { judge, lost } = oneChunk(() => Promise.reject(new DOMException('closed', 'InvalidStateError')));
    await expect(judge()).rejects.toThrow('closed');
    expect(lost).not.toHaveBeenCalled();
  });
});
