/** Locks between tabs, and what they come to in a browser that has none, or refuses them. */
import { benchmarkLockName } from '../../src/shared/domain/benchmark/suite';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { anyTabIsBusy, BusyMark } from '../../src/app/busy-tabs';
import { conversationIsFree, withConversationLock } from '../../src/chat/conversation-lock';
import { EngineLock } from '../../src/engine/engine-lock';
import { exclusively } from '../../src/shared/platform/exclusively';
import { heldLocks, holdLock, tryLock, withLock } from '../../src/shared/platform/web-locks';
import { alone, anotherTransferRuns, inTransfer, whileReading } from '../../workers/weights/model-locks';

const whileMeasuring = <T>(work: () => Promise<T>): Promise<T> =>
  exclusively(benchmarkLockName, 'benchmark-elsewhere', work);

afterEach(() => {
  vi.restoreAllMocks();
  Reflect.deleteProperty(navigator, 'locks');
});

const never = (): Promise<never> => new Promise(() => {});
const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** As Chromium does where site data are blocked. */
function refuse(): void {
  const refusal = (): Promise<never> => Promise.reject(new DOMException('The request was denied.', 'SecurityError'));
  vi.spyOn(LockManager.prototype, 'request').mockImplementation(refusal);
  vi.spyOn(LockManager.prototype, 'query').mockImplementation(refusal);
}

/** As in an insecure context. */
const leaveOut = (): void => void Object.defineProperty(navigator, 'locks', { value: undefined, configurable: true });

describe.each<readonly [string, () => void]>([
  ['refuses locks', refuse],
  ['has no locks', leaveOut],
])('in a browser that %s', (_, begin) => {
  it('a conversation can be written to, and answers are not waited for', async () => {
    begin();
    const work = vi.fn(async () => {});
    expect(await withConversationLock('a', work)).toBe(true);
    expect(work).toHaveBeenCalledOnce();
    await conversationIsFree('a');
  });

  it('a large model can be loaded, and taken over', async () => {
    begin();
    const lock = new EngineLock(() => {});
    expect(await lock.take()).toBe(true);
    lock.release();
    expect(await lock.takeOver()).toBe(true);
    expect(await EngineLock.isTaken()).toBe(false);
  });

  it('the benchmark runs, and tells of its own failures', async () => {
    begin();
    expect(await whileMeasuring(async () => 'measured')).toBe('measured');
    await expect(whileMeasuring(() => Promise.reject(new Error('its own')))).rejects.toThrow('its own');
  });

  it('models are fetched, read and deleted', async () => {
    begin();
    const work = vi.fn(async () => {});
    await inTransfer('a', new AbortController().signal, work);
    expect(work).toHaveBeenCalledOnce();
    expect(await alone('a', async () => 1)).toBe(1);
    expect(await whileReading('a', async () => 2)).toBe(2);
    expect(await anotherTransferRuns('a')).toBe(false);
  });

  it('no tab is busy, and being busy fails nowhere', async () => {
    begin();
    const unhandled = vi.fn();
    addEventListener('unhandledrejection', unhandled);
    const mark = new BusyMark();
    mark.set(true);
    expect(await anyTabIsBusy()).toBe(false);
    mark.set(false);
    await wait(20);
    removeEventListener('unhandledrejection', unhandled);
    expect(unhandled).not.toHaveBeenCalled();
  });
});

describe('a lock', () => {
  it('is waited for, unless the waiting is ended', async () => {
    const letGo = await holdLock('test');
    const abort = new AbortController();
    const work = vi.fn();
    const waiting = withLock('test', work, { signal: abort.signal });
    const patient = withLock('test', () => 'had');
    abort.abort(new Error('enough'));
    await expect(waiting).rejects.toThrow('enough');
    letGo?.();
    expect(await patient).toBe('had');
    expect(work).not.toHaveBeenCalled();
  });

  it('that is only tried is given up at once, or when patience ends', async () => {
    const letGo = await holdLock('test');
    expect(await tryLock('test', never)).toBeNull();
    expect(await tryLock('test', never, { patienceMs: 50 })).toBeNull();
    expect(await holdLock('test', { patienceMs: 50 })).toBeNull();
    setTimeout(() => letGo?.(), 50);
    expect(await tryLock('test', () => 'had', { patienceMs: 5000 })).toBe('had');
  });

  it('that was had in time does not end with the patience, and a failure after that is told', async () => {
    const work = async (): Promise<never> => {
      await wait(80);
      throw new DOMException('its own', 'SecurityError');
    };
    await expect(tryLock('test', work, { patienceMs: 30 })).rejects.toThrow('its own');
  });

  it('is shared by those who agree to that, and by nobody else', async () => {
    const [one, two] = [await holdLock('test', { shared: true }), await holdLock('test', { shared: true })];
    expect(await tryLock('test', never)).toBeNull();
    expect((await heldLocks()).has('test')).toBe(true);
    one?.();
    two?.();
    await expect.poll(async () => (await heldLocks()).has('test')).toBe(false);
  });

  it('of a busy tab ends when it is no longer busy, however soon that is', async () => {
    const mark = new BusyMark();
    mark.set(true);
    await expect.poll(anyTabIsBusy).toBe(true);
    mark.set(false);
    await expect.poll(anyTabIsBusy).toBe(false);
    mark.set(true);
    mark.set(false);
    await wait(20);
    expect(await anyTabIsBusy()).toBe(false);
  });
});
