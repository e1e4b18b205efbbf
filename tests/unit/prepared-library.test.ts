/** A library that was prepared for a newer version is held against its address before it is used, whatever ended before that. */
import { beforeEach, describe, expect, it } from 'vitest';
import { FailureError } from '../../src/shared/protocol/failure';
import { adoptLibraries, prepareLibrary } from '../../workers/weights/library-update';
import type { ModelRecord } from '../../workers/weights/store/weights-database';
import type { WeightsStore } from '../../workers/weights/store/weights-store';

const url = 'https://raw.githubusercontent.com/a/b/main/v0_2_99/new.wasm';
const library = { path: 'library/new.wasm', url, bytes: 8 };
const manifest: ModelRecord['manifest'] = {
  modelId: 'm',
  name: 'M',
  format: 'mlc',
  source: { kind: 'hub', repository: 'a/b', commit: '0'.repeat(40) },
  files: [{ path: 'old.wasm', bytes: 8 }],
};

let record: ModelRecord;
/** What first came from the address. */
let known: string;
let freed: string[];

const store = {
  models: async () => [record],
  model: async () => record,
  changeModel: async (_: string, change: (current: ModelRecord) => ModelRecord | undefined) => {
    record = change(record) ?? record;
    return record;
  },
  file: async () => ({ state: 'whole', sha256: 'came' }),
  content: async () => new Blob([Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0)]),
  firstLibrary: async () => known,
  deleteOrphans: async (keys: string[]) => void freed.push(...keys),
} as unknown as WeightsStore;

beforeEach(() => {
  freed = [];
  record = {
    modelId: 'm',
    manifest,
    fileKeys: ['old'],
    state: 'ready',
    addedAt: 1,
    next: {
      manifest: { ...manifest, files: [library], library: { path: library.path, webLlmVersion: '0.2.99' } },
      fileKeys: ['new'],
    },
  };
});

describe('a prepared library', () => {
  it('that is what its address has always had is put in place', async () => {
    known = 'came';
    await adoptLibraries('0.2.99', store);
    expect(record.fileKeys).toEqual(['new']);
  });

  it('that is another one is not put in place, and is gone', async () => {
    known = 'another';
    await adoptLibraries('0.2.99', store);
    expect(record.fileKeys).toEqual(['old']);
    expect(record.next).toBeUndefined();
    expect(freed).toEqual(['new']);
  });

  it('that is another one is not taken for prepared: it is told, and gone', async () => {
    known = 'another';
    const tools = { store } as unknown as Parameters<typeof prepareLibrary>[2];
    const error = await prepareLibrary('m', url, tools).catch((reason: unknown) => reason);
    expect(error instanceof FailureError && error.failure.kind).toBe('library-changed');
    expect(record.next).toBeUndefined();
  });
});
