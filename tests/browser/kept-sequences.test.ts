/** What a large model has read is kept on the device: seen through the real engine and the real database, as after a reload. */
import { deleteDB } from 'idb';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ChatTurn, GenerationRequest } from '../../src/shared/protocol/engine';
import { withDatabase } from '../../src/shared/platform/database-connection';
import {
  promptCacheDatabase,
  promptCacheDatabaseName,
  usualRule,
  type KeptSequenceRecord,
} from '../../src/shared/platform/prompt-cache-database';
import { PromptCache } from '../../src/storage/prompt-cache';
import { CpuEngine } from '../../workers/engine/cpu/cpu-engine';
import { KeptStore } from '../../workers/engine/cpu/kept/kept-store';
import type { EngineResult } from '../../workers/engine/engine';
import { newKey } from '../fixtures/locked-chats';
import { blobOf, randomModel, shapes } from '../fixtures/synthetic-gguf';

const file = (seed = 1): Blob => blobOf(randomModel({ shape: shapes.tinyQwen3, quantisation: 'Q8_0', seed }));
const cache = new PromptCache();
const engines: CpuEngine[] = [];

/** An engine as a new page load has it: it remembers nothing. */
async function freshEngine(model = file(), contextTokens = 2048): Promise<CpuEngine> {
  const engine = new CpuEngine(0);
  engines.push(engine);
  const request = { modelId: 'm', engine: 'cpu', contextTokens, threads: 1, kvCache: 'q8_0' } as const;
  await engine.load(
    { ...request, files: [{ path: 'm', content: model }] },
    () => undefined,
    new AbortController().signal,
  );
  return engine;
}

interface Answer extends EngineResult {
  readonly text: string;
  readonly progress: readonly number[];
}

async function ask(
  engine: CpuEngine,
  turns: readonly ChatTurn[],
  more: Partial<GenerationRequest> = {},
  signal = new AbortController().signal,
  onProgress: (done: number) => unknown = () => undefined,
): Promise<Answer> {
  let text = '';
  const progress: number[] = [];
  const prefillProgress = (done: number): void => {
    progress.push(done);
    onProgress(done);
  };
  const sink = { token: (part: string) => (text += part), prefillProgress };
  const sampling = { temperature: 0, maxTokens: 12 };
  const request = { jobId: 'j', turns, sampling, conversationId: 'c', ...more };
  return { ...(await engine.generate(request, sink, signal)), text, progress };
}

/** Every letter is a token of its own. */
const long: ChatTurn = { role: 'user', content: 'The heron stands in the cold river. '.repeat(20) };
const next: ChatTurn = { role: 'user', content: 'And then?' };

/** Asks the long question, and gives the model up: what is due is written. */
async function read(more: Partial<GenerationRequest> = {}): Promise<ChatTurn[]> {
  const engine = await freshEngine();
  const { text } = await ask(engine, [long], more);
  await engine.unload();
  return [long, { role: 'assistant', content: text }, next];
}

async function records(): Promise<KeptSequenceRecord[]> {
  return withDatabase(promptCacheDatabase, (database) => database.getAll('sequences'));
}

async function changeBlock(index: number, change: (bytes: Uint8Array<ArrayBuffer>) => Uint8Array<ArrayBuffer> | null) {
  await withDatabase(promptCacheDatabase, async (database) => {
    const key = (await database.getAllKeys('blocks'))[index];
    const bytes = key && (await database.get('blocks', key));
    if (!key || !bytes) throw new Error('there is no such block');
    const changed = change(bytes);
    await (changed === null ? database.delete('blocks', key) : database.put('blocks', changed, key));
  });
}

beforeEach(() => deleteDB(promptCacheDatabaseName));
afterEach(async () => {
  for (const engine of engines.splice(0)) await engine.unload();
});

describe('a conversation that is reopened after a reload', () => {
  it('goes on where it was, with the same answer, and shows how far it is', async () => {
    const turns = await read();
    const again = await ask(await freshEngine(), turns);
    expect(again.reusedTokens).toBeGreaterThan(700);
    const anew = await ask(await freshEngine(), turns, { reuseCache: false });
    expect(anew.reusedTokens).toBe(0);
    expect(again.text).toBe(anew.text);
    expect(again.progress[0]).toBe(128);
    expect(Math.max(...again.progress)).toBe(again.promptTokens + again.reusedTokens);
  });

  it('goes on in a window of another size', async () => {
    const turns = await read();
    const other = await ask(await freshEngine(file(), 1024), turns);
    expect(other.reusedTokens).toBeGreaterThan(700);
    await cache.clear();
    expect((await ask(await freshEngine(file(), 1024), turns)).text).toBe(other.text);
  });

  it('is read anew by a model of another content under the same name', async () => {
    const turns = await read();
    expect((await ask(await freshEngine(file(2)), turns)).reusedTokens).toBe(0);
  });

  it('keeps what has been brought back when it is stopped meanwhile', async () => {
    const turns = await read();
    const engine = await freshEngine();
    const stop = new AbortController();
    const stopped = ask(engine, turns, {}, stop.signal, (done) => done >= 256 && stop.abort());
    expect(await stopped).toMatchObject({ finishReason: 'cancelled', text: '', reusedTokens: 256 });
    expect((await ask(engine, turns)).reusedTokens).toBeGreaterThan(700);
  });
});

describe('what is kept', () => {
  it('is written once the engine rests, and grows by its last blocks only', async () => {
    const engine = await freshEngine();
    const { text } = await ask(engine, [long]);
    await expect.poll(async () => (await records())[0]?.blockBytes.length, { timeout: 8000 }).toBe(6);
    const [before] = await records();
    const more: ChatTurn = { role: 'user', content: 'x'.repeat(300) };
    await ask(engine, [long, { role: 'assistant', content: text }, more]);
    await engine.unload();
    const [after] = await records();
    expect(after?.blockBytes.length).toBeGreaterThan(7);
    expect(after?.blockBytes.slice(0, 5)).toEqual(before?.blockBytes.slice(0, 5));
  });

  it('is nothing of short conversations, nor of requests that belong to none', async () => {
    const engine = await freshEngine();
    await ask(engine, [next]);
    await ask(engine, [long], { conversationId: undefined as never });
    await engine.unload();
    expect(await records()).toEqual([]);
  });

  it('stays kept while the model is asked for a title of it', async () => {
    const engine = await freshEngine();
    const { text } = await ask(engine, [long]);
    const title = { role: 'user', content: 'A title, please.' } as const;
    await ask(engine, [long, { role: 'assistant', content: text }, title], { conversationId: undefined as never });
    await ask(engine, [{ role: 'user', content: 'Something else entirely. '.repeat(10) }], {
      conversationId: undefined as never,
    });
    await engine.unload();
    expect((await records())[0]?.blockBytes).toHaveLength(6);
  });
});

describe('damage', () => {
  it.each([
    ['a changed byte', (bytes: Uint8Array<ArrayBuffer>) => bytes.map((byte, at) => (at === 999 ? byte ^ 1 : byte))],
    ['a block that is cut off', (bytes: Uint8Array<ArrayBuffer>) => bytes.slice(0, 5000)],
    ['an empty block', () => new Uint8Array()],
    ['a missing block', () => null],
  ])('%s: the record is deleted, what came before it is used, and the answer is the same', async (_, change) => {
    const turns = await read();
    await changeBlock(3, change);
    const answer = await ask(await freshEngine(), turns);
    expect(answer.reusedTokens).toBe(3 * 128);
    expect(await records()).toEqual([]);
    await cache.clear();
    expect((await ask(await freshEngine(), turns)).text).toBe(answer.text);
  });

  it('a block in the place of another one is not taken for it', async () => {
    const turns = await read();
    let second: Uint8Array<ArrayBuffer> | null = null;
    await changeBlock(1, (bytes) => (second = bytes));
    await changeBlock(0, () => second);
    expect((await ask(await freshEngine(), turns)).reusedTokens).toBe(0);
  });
});

describe('deleting', () => {
  it('a conversation takes what was read of it along, also what is still to be written', async () => {
    await read();
    await cache.forget(['someone-else']);
    expect(await records()).toHaveLength(1);
    await cache.forget(['c']);
    expect(await cache.use()).toMatchObject({ bytes: 0 });
    const engine = await freshEngine();
    await ask(engine, [long]);
    await cache.forget(['c']);
    await engine.unload();
    expect(await records()).toEqual([]);
  });

  it('everything is not held up by an engine', async () => {
    const engine = await freshEngine();
    await ask(engine, [long]);
    await deleteDB(promptCacheDatabaseName, { blocked: () => expect.unreachable() });
    expect((await indexedDB.databases()).map(({ name }) => name)).not.toContain(promptCacheDatabaseName);
  });
});

it('a database that the browser has closed unasked is opened again', async () => {
  const store = new KeptStore();
  await store.rule();
  vi.spyOn(IDBDatabase.prototype, 'transaction').mockImplementationOnce(() => {
    throw new DOMException('The database connection is closing.', 'InvalidStateError');
  });
  expect(await store.rule()).toEqual(usualRule);
  store.close();
});

describe('the limit', () => {
  it('makes the least recently used go first, and 0 switches it off', async () => {
    await read();
    const one = (await cache.use()).bytes;
    await cache.setMostBytes(one * 1.5);
    await read({ conversationId: 'd' });
    expect((await records()).map(({ conversationId }) => conversationId)).toEqual(['d']);
    await cache.setMostBytes(0);
    expect(await cache.use()).toEqual({ bytes: 0, mostBytes: 0 });
    await read();
    expect(await records()).toEqual([]);
  });
});

describe('a full disk', () => {
  /** Refuses so many writes of blocks, as a browser does: the transaction ends, and nothing of it is stored. */
  function refuse(times: number): () => void {
    const real = IDBObjectStore.prototype.put;
    let left = times;
    IDBObjectStore.prototype.put = function (value: unknown, key?: IDBValidKey) {
      if (this.name !== 'blocks' || left === 0) return real.call(this, value, key);
      left -= 1;
      const request = real.call(this, value, key);
      const { transaction } = this;
      request.addEventListener('success', () => {
        Object.defineProperty(transaction, 'error', { value: new DOMException('no space', 'QuotaExceededError') });
        transaction.abort();
      });
      return request;
    };
    return () => (IDBObjectStore.prototype.put = real);
  }

  it('makes the oldest go, and the new one is kept', async () => {
    await read();
    const restore = refuse(1);
    await read({ conversationId: 'd' }).finally(restore);
    expect((await records()).map(({ conversationId }) => conversationId)).toEqual(['d']);
  });

  it('with nothing left to go, keeps nothing, and the answer knows nothing of it', async () => {
    const restore = refuse(Infinity);
    const turns = await read().finally(restore);
    expect(turns[1]?.content).not.toBe('');
    expect(await records()).toEqual([]);
  });
});

describe('under the lock', () => {
  it('is sealed, opens with the key only, and is nothing without it', async () => {
    const sealing = { key: await newKey(), keyId: 'key' };
    await read();
    await cache.sealWith('key');
    expect(await records()).toEqual([]);
    await read();
    expect(await records()).toEqual([]);
    const turns = await read({ sealing });
    expect((await records()).map(({ keyId }) => keyId)).toEqual(['key']);
    expect((await ask(await freshEngine(), turns, { conversationId: 'other' })).reusedTokens).toBe(0);
    const wrong = { key: await newKey(), keyId: 'another' };
    expect((await ask(await freshEngine(), turns, { conversationId: 'other', sealing: wrong })).reusedTokens).toBe(0);
    expect((await ask(await freshEngine(), turns, { sealing })).reusedTokens).toBeGreaterThan(700);
    await cache.sealWith(null);
    expect(await records()).toEqual([]);
  });

  it('turning it on while something is due leaves nothing in the clear', async () => {
    const engine = await freshEngine();
    await ask(engine, [long]);
    await cache.sealWith('key');
    await engine.unload();
    expect(await records()).toEqual([]);
  });
});
