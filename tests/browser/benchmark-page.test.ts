/** V8, the page's side: what only a page can see of a run, and where results are kept. */
import { benchmarkLockName } from '../../src/shared/domain/benchmark/suite';
import { exclusively } from '../../src/shared/platform/exclusively';
import { deleteDB, openDB } from 'idb';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { PageState } from '../../src/shared/protocol/benchmark';
import type { BenchmarkResult } from '../../src/benchmark/statistics/result';
import { benchmarkDatabaseName } from '../../src/shared/domain/benchmark/suite';
import { DownloadTimes } from '../../src/benchmark/download-times';
import { HistoryStore } from '../../src/benchmark/history/history-store';
import { clockOffset } from '../../src/benchmark/run/clock-offset';
import { uuidV7 } from '../../src/benchmark/run/uuid-v7';
import { whenQuiet } from '../../src/benchmark/run/when-quiet';
import { PageWatch } from '../../src/benchmark/watch/page-watch';
import { steady, VirtualClock, VirtualEngine } from '../fixtures/virtual-engine';
import { virtualResult } from '../fixtures/virtual-result';

const whileMeasuring = <T>(work: () => Promise<T>): Promise<T> =>
  exclusively(benchmarkLockName, 'benchmark-elsewhere', work);

const wait = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));
const restore: (() => void)[] = [];
afterEach(() => {
  for (const undo of restore.splice(0).reverse()) undo();
});

function pretend(target: object, name: string, value: unknown): void {
  const before = Object.getOwnPropertyDescriptor(target, name);
  Object.defineProperty(target, name, { value, configurable: true, writable: true });
  restore.push(() => {
    if (before) Object.defineProperty(target, name, before);
    else Reflect.deleteProperty(target, name);
  });
}

async function watching(): Promise<{ watch: PageWatch; states: PageState[] }> {
  const states: PageState[] = [];
  const watch = new PageWatch((state) => states.push(state));
  restore.push(() => watch.stop());
  await watch.start();
  return { watch, states };
}
const kinds = async (watch: PageWatch): Promise<string[]> => (await watch.seen()).disturbances.map(({ kind }) => kind);

describe('a page that is watched', () => {
  it('tells when it is hidden and when it is back, at once', async () => {
    const { watch, states } = await watching();
    pretend(document, 'visibilityState', 'hidden');
    document.dispatchEvent(new Event('visibilitychange'));
    expect(states.at(-1)).toMatchObject({ visible: false });
    await wait(30);
    pretend(document, 'visibilityState', 'visible');
    document.dispatchEvent(new Event('visibilitychange'));
    expect(states.at(-1)).toMatchObject({ visible: true });
    const [hidden] = (await watch.seen()).disturbances.filter(({ kind }) => kind === 'hidden');
    expect((hidden?.to ?? 0) - (hidden?.from ?? 0)).toBeGreaterThanOrEqual(25);
  });

  it('notes that it was frozen, and that another window had the focus', async () => {
    const { watch } = await watching();
    document.dispatchEvent(new Event('freeze'));
    document.dispatchEvent(new Event('resume'));
    pretend(document, 'hasFocus', () => false);
    dispatchEvent(new Event('blur'));
    // What still goes on is told, too.
    expect(await kinds(watch)).toEqual(expect.arrayContaining(['frozen', 'unfocused']));
  });

  it('notes long tasks, and a sleep of which no event told', async () => {
    const { watch } = await watching();
    const until = performance.now() + 4300;
    while (performance.now() < until);
    await wait(1200);
    expect(await kinds(watch)).toEqual(expect.arrayContaining(['long-task', 'frozen']));
  });

  it('notes nothing where nothing was', async () => {
    // The device that runs the tests may really be pressed.
    pretend(globalThis, 'PressureObserver', undefined);
    const { watch } = await watching();
    await wait(1500);
    expect((await kinds(watch)).filter((kind) => kind !== 'long-task' && kind !== 'unfocused')).toEqual([]);
    watch.stop();
    document.dispatchEvent(new Event('freeze'));
    expect(await kinds(watch)).not.toContain('frozen');
  });

  it('knows the battery, the pace of frames and whether the screen stays on', async () => {
    pretend(navigator, 'getBattery', () => Promise.resolve({ charging: false, level: 0.4 }));
    const release = vi.fn(() => Promise.resolve());
    pretend(navigator, 'wakeLock', { request: () => Promise.resolve({ release }) });
    const { watch } = await watching();
    pretend(navigator, 'getBattery', () => Promise.resolve({ charging: false, level: 0.3 }));
    const seen = await watch.seen();
    expect(seen).toMatchObject({ battery: { charging: false, before: 0.4, after: 0.3 }, wakeLock: true });
    expect(seen.frameMs).toBeGreaterThan(3);
    expect(seen.frameMs).toBeLessThan(60);
    watch.stop();
    expect(release).toHaveBeenCalledOnce();
  });

  it('gets along without any of these', async () => {
    pretend(navigator, 'getBattery', undefined);
    pretend(navigator, 'wakeLock', { request: () => Promise.reject(new DOMException('low battery')) });
    pretend(globalThis, 'PressureObserver', undefined);
    pretend(globalThis, 'requestAnimationFrame', () => 0);
    const { watch } = await watching();
    expect(await watch.seen()).toMatchObject({ battery: null, wakeLock: false, frameMs: null, pressure: [] });
  });
});

describe('pressure', () => {
  let tell: (state: string) => void = () => undefined;
  beforeEach(() => {
    pretend(
      globalThis,
      'PressureObserver',
      class {
        constructor(callback: (records: { state: string; time: number }[]) => void) {
          tell = (state) => callback([{ state, time: performance.now() }]);
        }
        observe = (): Promise<void> => Promise.resolve();
        disconnect = (): void => undefined;
      },
    );
  });

  it('is told to the runner, and noted', async () => {
    const { watch, states } = await watching();
    tell('critical');
    expect(states.at(-1)).toMatchObject({ pressed: true });
    tell('fair');
    expect(states.at(-1)).toMatchObject({ pressed: false });
    const seen = await watch.seen();
    expect(seen.pressure.map(({ state }) => state)).toEqual(['critical', 'fair']);
    expect(await kinds(watch)).toContain('pressure');
  });

  it('at the start is waited for, and then the person is asked', async () => {
    const { watch } = await watching();
    tell('serious');
    const asked = vi.fn(() => Promise.resolve(true));
    setTimeout(() => tell('nominal'), 600);
    expect(await whenQuiet(watch, asked, () => false)).toBe(false);
    expect(asked).not.toHaveBeenCalled();
    tell('serious');
    expect(await whenQuiet(watch, asked, () => false)).toBe(true);
    expect(asked).toHaveBeenCalledOnce();
  });
});

describe('two clocks', () => {
  it('are set beside each other by the quickest of many answers', async () => {
    const zero = 12_345;
    let trip = 0;
    const offset = await clockOffset(async () => {
      await wait((trip += 1) % 5 === 0 ? 0 : 8);
      return { origin: 0, now: performance.now() - zero };
    });
    expect(Math.abs((offset?.workerZero ?? 0) - zero)).toBeLessThan(4);
    expect(await clockOffset(() => Promise.resolve(null))).toBeNull();
  });
});

it('only one run at a time, in all tabs', async () => {
  let end = (): void => undefined;
  const first = whileMeasuring(() => new Promise<void>((resolve) => (end = resolve)));
  await wait(20);
  await expect(whileMeasuring(() => Promise.resolve())).rejects.toMatchObject({
    failure: { kind: 'benchmark-elsewhere' },
  });
  end();
  await first;
  await whileMeasuring(() => Promise.resolve());
});

it('a name that sorts by time', () => {
  const ids = [0, 1, 1000, 1e12, Date.now()].map((at) => uuidV7(at));
  expect([...ids].sort()).toEqual(ids);
  for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});

describe('the results of a device', () => {
  let result: BenchmarkResult;
  const store = new HistoryStore();
  const named = (at: number, model = 'one'): BenchmarkResult => ({
    ...result,
    id: uuidV7(at),
    model: { ...result.model, name: model },
  });
  beforeEach(async () => {
    await deleteDB(benchmarkDatabaseName);
    result = await virtualResult(new VirtualEngine(new VirtualClock(), steady(1000, 30)));
  });

  it('are kept whole, newest first, and an unfinished one makes way for the whole one', async () => {
    const [older, newer] = [named(1000), named(2000)];
    await store.keep(newer);
    await store.keep({ ...older, ended: { how: 'interrupted' } });
    await store.keep(older);
    expect(await store.results()).toEqual({ ok: true, value: [newer, older] });
    await store.remove(newer.id);
    expect(await new HistoryStore().results()).toEqual({ ok: true, value: [older] });
  });

  it('are read again after everything was deleted', async () => {
    await store.keep(named(1000));
    await deleteDB(benchmarkDatabaseName);
    expect(await store.results()).toEqual({ ok: true, value: [] });
    expect(await store.keep(named(2000))).toMatchObject({ ok: true });
  });

  it('are kept also when the browser has closed the database unasked', async () => {
    await store.results();
    vi.spyOn(IDBDatabase.prototype, 'transaction').mockImplementationOnce(() => {
      throw new DOMException('The database connection is closing.', 'InvalidStateError');
    });
    const kept = named(1000);
    expect(await store.keep(kept)).toMatchObject({ ok: true });
    expect(await store.results()).toEqual({ ok: true, value: [kept] });
  });

  it('are a named failure where there is no room, or a newer version of the app has been here', async () => {
    await store.results();
    const open = vi.spyOn(IDBFactory.prototype, 'open');
    const put = vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(() => {
      throw new DOMException('full', 'QuotaExceededError');
    });
    expect(await store.keep(named(1000))).toMatchObject({
      ok: false,
      failure: { kind: 'result-not-kept', technical: expect.stringContaining('Quota') },
    });
    put.mockRestore();
    // What fails for want of room leaves no connection behind.
    await store.results();
    expect(open).not.toHaveBeenCalled();
    (await openDB(benchmarkDatabaseName, 99)).close();
    expect(await store.results()).toMatchObject({ ok: false, failure: { kind: 'storage-outdated' } });
    await deleteDB(benchmarkDatabaseName);
  });
});

describe('a download', () => {
  const progress = (receivedBytes: number, phase = 'downloading') =>
    ({
      type: 'progress',
      progress: { modelId: 'a', phase, receivedBytes, totalBytes: 1000, bytesPerSecond: null, secondsLeft: null },
    }) as const;

  it('is timed from its beginning to its end', () => {
    const times = new DownloadTimes();
    for (const [bytes, at] of [
      [0, 100],
      [500, 600],
      [1000, 1100],
    ] as const)
      times.hear(progress(bytes) as never, at);
    expect(times.of('a')).toEqual({ milliseconds: 1000, bytes: 1000 });
    expect(times.of('b')).toBeNull();
  });

  it('is not timed when it was the rest of an older one, or had to wait', () => {
    const rest = new DownloadTimes();
    for (const [bytes, at] of [
      [400, 100],
      [1000, 600],
    ] as const)
      rest.hear(progress(bytes) as never, at);
    expect(rest.of('a')).toBeNull();
    const paused = new DownloadTimes();
    paused.hear(progress(0) as never, 100);
    paused.hear(progress(300, 'waiting') as never, 200);
    paused.hear(progress(1000) as never, 9000);
    expect(paused.of('a')).toBeNull();
  });
});
