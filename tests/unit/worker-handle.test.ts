/** Every way in which a worker can come to its end, against comlink itself on both sides: no call may be left hanging. */
import { expose } from 'comlink';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Failure } from '../../src/shared/protocol/failure';
import { WorkerHandle, type WorkerEvent } from '../../src/shared/platform/worker-handle';

interface Counter {
  add(by: number): Promise<number>;
  /** Is never answered. */
  brood(): Promise<number>;
  refuse(): Promise<number>;
}

/** Both sides of a worker in one thread. Once terminated, it says and hears nothing, as in a browser. */
class FakeWorker extends EventTarget {
  terminated = false;
  readonly #inside = new EventTarget();

  constructor() {
    super();
    let count = 0;
    const counter: Counter = {
      add: (by) => Promise.resolve((count += by)),
      brood: () => new Promise(() => {}),
      refuse: () => Promise.reject(new RangeError('too much')),
    };
    expose(counter, {
      addEventListener: this.#inside.addEventListener.bind(this.#inside),
      removeEventListener: this.#inside.removeEventListener.bind(this.#inside),
      postMessage: (data: unknown) => this.say(data),
    });
  }

  postMessage(data: unknown): void {
    if (!this.terminated) this.#inside.dispatchEvent(new MessageEvent('message', { data: structuredClone(data) }));
  }
  terminate(): void {
    this.terminated = true;
  }
  say(data: unknown): void {
    if (!this.terminated) this.dispatchEvent(new MessageEvent('message', { data: structuredClone(data) }));
  }
  tell(event: string): void {
    this.say({ event } satisfies WorkerEvent<string>);
  }
}

let workers: FakeWorker[];
let heard: string[];
let ends: Failure[];
let handle: WorkerHandle<Counter, string>;
const newest = (): FakeWorker => workers.at(-1) ?? new FakeWorker();

beforeEach(() => {
  workers = [];
  heard = [];
  ends = [];
  handle = new WorkerHandle<Counter, string>({
    start: () => {
      workers.push(new FakeWorker());
      return newest() as unknown as Worker;
    },
    name: 'the counter',
    crashed: 'engine-crashed',
    hear: (event) => heard.push(event),
    ended: (failure) => ends.push(failure),
  });
});

const crash = (message?: string): Event =>
  Object.assign(new Event('error', { cancelable: true }), message === undefined ? {} : { message });

const deaths: readonly (readonly [string, () => void, Failure])[] = [
  [
    'ends by an error',
    (): void => void newest().dispatchEvent(crash('out of memory')),
    { kind: 'engine-crashed', technical: 'the counter: out of memory' },
  ],
  [
    'has a script that does not arrive',
    (): void => void newest().dispatchEvent(crash()),
    { kind: 'part-unreachable', technical: 'the script of the counter could not be loaded' },
  ],
  [
    'says something that cannot be read',
    (): void => void newest().dispatchEvent(new MessageEvent('messageerror')),
    { kind: 'engine-crashed', technical: 'a message of the counter could not be read' },
  ],
  [
    'is ended with a reason',
    (): void => handle.end({ kind: 'cancelled', technical: 'enough' }),
    { kind: 'cancelled', technical: 'enough' },
  ],
  ['is ended without one', (): void => handle.end(), { kind: 'engine-crashed', technical: 'the counter was ended' }],
];

describe.each(deaths)('a worker that %s', (_how, die, failure) => {
  it('leaves no call without an answer, and tells it once', async () => {
    const counter = handle.start();
    const open = [counter.brood(), counter.brood()];
    die();
    for (const call of open) await expect(call).rejects.toMatchObject({ name: 'FailureError', failure });
    expect(newest().terminated).toBe(true);
    expect(handle.running).toBeNull();
    die();
    expect(ends).toEqual([failure]);
  });

  it('is followed by another, which whoever asked the first is not led to', async () => {
    const first = handle.start();
    expect(await first.add(1)).toBe(1);
    die();
    const second = handle.start();
    expect(await second.add(5)).toBe(5);
    await expect(first.add(1)).rejects.toMatchObject({ failure });
    expect(await second.add(1)).toBe(6);
    expect(workers).toHaveLength(2);
  });

  it('is not heard any more, nor can it end the one that follows', async () => {
    const first = (handle.start(), newest());
    die();
    const second = handle.start();
    first.dispatchEvent(new MessageEvent('message', { data: { event: 'late' } }));
    first.dispatchEvent(crash('late'));
    first.dispatchEvent(new MessageEvent('messageerror'));
    expect(heard).toEqual([]);
    expect(await second.add(2)).toBe(2);
    expect(ends).toHaveLength(1);
  });
});

describe('a worker', () => {
  it('starts when it is first needed, and once', async () => {
    expect([workers.length, handle.running]).toEqual([0, null]);
    handle.end();
    expect(ends).toEqual([]);
    handle.start();
    expect(handle.start()).toBe(handle.running);
    expect(await Promise.all([handle.start().add(1), handle.running?.add(1)])).toEqual([1, 2]);
    expect(workers).toHaveLength(1);
  });

  it('is heard in order with its answers', async () => {
    const counter = handle.start();
    const answer = counter.add(3).then((sum) => heard.push(String(sum)));
    newest().tell('before');
    await answer;
    newest().tell('after');
    expect(heard).toEqual(['before', '3', 'after']);
  });

  it('that cannot do what it is asked lives on, and the error keeps its name', async () => {
    const counter = handle.start();
    await expect(counter.refuse()).rejects.toMatchObject({ name: 'RangeError', message: 'too much' });
    await expect(counter.add((() => 1) as unknown as number)).rejects.toMatchObject({ name: 'DataCloneError' });
    expect(await counter.add(1)).toBe(1);
    expect([workers.length, ends]).toEqual([1, []]);
  });

  it('that the browser refuses to start says so each time it is asked for', () => {
    const refused = new WorkerHandle<Counter>({
      start: vi.fn(() => {
        throw new ReferenceError('Worker is not defined');
      }),
      name: 'nobody',
      crashed: 'unexpected',
    });
    const failure = { kind: 'workers-unavailable', technical: 'ReferenceError: Worker is not defined' };
    for (let time = 0; time < 2; time += 1) {
      expect(() => refused.start()).toThrow(expect.objectContaining({ failure }));
    }
    expect(refused.running).toBeNull();
  });

  it('keeps its error to itself: the thread that uses it would be ended by it, too', () => {
    handle.start();
    const error = crash('bang');
    newest().dispatchEvent(error);
    expect(error.defaultPrevented).toBe(true);
  });

  it('can be handed on by an async function', async () => {
    const counter = await (async () => await Promise.resolve(handle.start()))();
    expect(await counter.add(4)).toBe(4);
  });
});
