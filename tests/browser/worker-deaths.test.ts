/** What uses a worker hears of every end that one can come to: nobody may be left waiting for an answer that cannot come. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import { readPdfText } from '../../src/chat/files/read-pdf-text';
import { likelyEncodings } from '../../src/chat/files/likely-encodings';
import { Markdown } from '../../src/chat/markdown/markdown';
import { failureFrom, FailureError } from '../../src/shared/protocol/failure';
import { WorkerHandle } from '../../src/shared/platform/worker-handle';
import { EngineClient } from '../../src/engine/engine-client';
import { CheckRunner } from '../../src/lab/checks/check-runner';
import { ChatSearch } from '../../src/library/chat-search.svelte';
import { ImportRun } from '../../src/library/import-run.svelte';
import { passphraseKey } from '../../src/lock/passphrase-key';
import { WeightsClient } from '../../src/models/shelf/weights-client';
import { inMemory } from '../../src/storage/chats-in-memory';
import { DeviceMemoryReader } from '../../workers/benchmark/memory-reader';
import { ReadTeam } from '../../workers/benchmark/memory/read-team';
import { Threads } from '../../workers/engine/cpu/threads';
import { HashThread } from '../../workers/weights/verify/hash-thread';
import type { MortalApi } from '../fixtures/mortal.worker';
import mortalWorkerUrl from '../fixtures/mortal.worker?worker&url';

/** Takes the place of every worker, and comes to its end at the first thing that it is told. */
const dying = (die: () => Event): typeof Worker =>
  class extends EventTarget {
    onerror: ((event: Event) => void) | null = null;
    onmessageerror: ((event: Event) => void) | null = null;
    #ended = false;

    postMessage(): void {
      setTimeout(() => {
        const event = die();
        if (this.#ended) return;
        this.dispatchEvent(event);
        if (event.type === 'error') this.onerror?.(event);
        else this.onmessageerror?.(event);
      });
    }
    terminate(): void {
      this.#ended = true;
    }
  } as unknown as typeof Worker;

afterEach(() => vi.unstubAllGlobals());

const kindOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'nothing',
    (error: unknown) => (error instanceof FailureError ? failureFrom(error).kind : String(error)),
  );
const file = new Blob(['{"type":"sotto-chats"}\n']);
const start = { prefix: '', continues: false, definitions: {}, whole: true };
const forever = new AbortController().signal;

/** Each with what is to come of it: the kind of a failure, or what stands in the place of an answer. */
const users: Readonly<Record<string, readonly [crashed: unknown, use: () => Promise<unknown>]>> = {
  'the engine': [
    'engine-crashed',
    async () => {
      const result = await new EngineClient(() => new Worker('')).countTokens([]);
      return result.ok || result.failure.kind;
    },
  ],
  'the weights': [
    'unexpected',
    async () => {
      const client = new WeightsClient(
        () => new Worker(''),
        () => ({ hubUrl: '' }),
      );
      const results = [
        await client.call((api) => api.list()),
        await client.openBuiltIn({ url: '', bytes: 0, sha256: '' }),
      ];
      return results[0]?.ok || results[1]?.ok || results[1]?.failure.kind;
    },
  ],
  'the weights whose settings change': [
    'settled',
    async () => {
      const client = new WeightsClient(
        () => new Worker(''),
        () => ({ hubUrl: '' }),
      );
      void client.call((api) => api.list());
      await client.reconfigure();
      return 'settled';
    },
  ],
  'a hash': ['unexpected', () => kindOf(new HashThread().hash(() => Promise.resolve()))],
  'an import': [
    'unexpected',
    async () => {
      const parts = { store: inMemory(), written: () => Promise.resolve(), personasWritten: () => {} };
      const run = new ImportRun(file, parts);
      await run.read();
      return run.failure?.kind;
    },
  ],
  'the search': [
    'failed',
    async () => {
      const search = new ChatSearch({ ...inMemory(), persistent: true });
      await vi.waitUntil(() => search.state !== 'building', { timeout: 3000 });
      return search.state;
    },
  ],
  'a Markdown text': [null, () => new Markdown().render({ ...start, text: 'text' })],
  'a PDF': [
    'attachment-unreadable',
    async () => {
      const result = await readPdfText(file);
      return result.ok || result.failure.kind;
    },
  ],
  'a text in an unknown encoding': [false, async () => (await likelyEncodings(new Uint8Array([0xe9]))).sure],
  'a check of an answer': [
    'check-broke',
    async () => {
      const answer = { text: 'x', tokens: 1, totalMs: 1, prompt: '', variables: {} };
      return (await new CheckRunner().check(answer, [{ kind: 'contains', value: 'x' }]))[0]?.reason;
    },
  ],
  'a passphrase': [
    'workers-unavailable',
    () => kindOf(passphraseKey('word', new Uint8Array(16), { name: 'pbkdf2', iterations: 600_000 })),
  ],
  'a measurement of the GPU': [
    null,
    () => new DeviceMemoryReader({ backend: 'webgpu', threads: 1, usualThreads: 1 }).sample(forever),
  ],
  'a measurement of the memory': ['unexpected', () => kindOf(ReadTeam.start(2, 1024 ** 2))],
  'threads of the CPU engine': [
    'workers-unavailable',
    () =>
      kindOf(
        Threads.start(1, {
          module: new WebAssembly.Module(new Uint8Array([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0])),
          memory: new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true }),
          model: 0,
        }),
      ),
  ],
};

describe.each([
  ['says something that cannot be read', (): Event => new MessageEvent('messageerror')],
  ['ends by an error', (): Event => new ErrorEvent('error', { message: 'bang', cancelable: true })],
])('a worker that %s', (_how, die) => {
  it.each(Object.entries(users))('leaves its user with a true failure: %s', async (_name, [outcome, use]) => {
    vi.stubGlobal('Worker', dying(die));
    expect(await Promise.race([use(), new Promise((resolve) => setTimeout(() => resolve('hangs'), 20_000))])).toBe(
      outcome,
    );
  });
});

describe('a real worker', () => {
  const mortal = (url = mortalWorkerUrl): WorkerHandle<MortalApi> =>
    new WorkerHandle({ start: () => new Worker(url, { type: 'module' }), name: 'it', crashed: 'unexpected' });

  it('whose script is not there is told from one that failed', async () => {
    expect(await kindOf(mortal('/no-such-worker.js').start().live())).toBe('part-unreachable');
  });

  it.each([
    ['throws where nobody waits for it', 'throwLater', 'bang'],
    ['is told what it cannot read', 'hearUnreadable', 'could not be read'],
  ] as const)('that %s ends, with what it was asked, and another takes its place', async (_how, way, words) => {
    const handle = mortal();
    expect(await handle.start().live()).toBe('alive');
    await expect(handle.start()[way]()).rejects.toMatchObject({
      failure: { kind: 'unexpected', technical: expect.stringContaining(words) as string },
    });
    expect(handle.running).toBeNull();
    expect(await handle.start().live()).toBe('alive');
    handle.end();
  });

  it('does not die with a worker that it has started itself', async () => {
    const handle = mortal();
    expect(await handle.start().outlive(mortalWorkerUrl)).toBe('unexpected');
    expect(await handle.start().live()).toBe('alive');
    handle.end();
  });
});
