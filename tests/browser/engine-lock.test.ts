/** One tab holds a large model at a time. Two locks in one page are as two tabs to each other. */
import { afterEach, describe, expect, it } from 'vitest';
import { EngineLock } from '../../src/engine/engine-lock';

let locks: EngineLock[] = [];
const newLock = (onAsked: () => void = () => undefined): EngineLock => {
  const lock = new EngineLock(onAsked);
  locks.push(lock);
  return lock;
};
afterEach(async () => {
  for (const lock of locks) lock.release();
  locks = [];
  await expect.poll(() => EngineLock.isTaken()).toBe(false);
});

describe('the engine', () => {
  it('is had by one, and free when that one lets go', async () => {
    const [one, two] = [newLock(), newLock()];
    expect(await one.take()).toBe(true);
    expect(await one.take()).toBe(true);
    expect(await EngineLock.isTaken()).toBe(true);
    expect(await two.take()).toBe(false);
    one.release();
    await expect.poll(() => two.take()).toBe(true);
  });

  it('is given up when another tab takes over: who has it is told, and nobody else', async () => {
    const told: string[] = [];
    const one = newLock(() => void told.push('one'));
    const two = newLock(() => void told.push('two'));
    newLock(() => void told.push('three'));
    await one.take();
    expect(await two.takeOver()).toBe(true);
    expect(told).toEqual(['one']);
    expect([one.isHeld, two.isHeld]).toEqual([false, true]);
    expect(await one.takeOver()).toBe(true);
    expect(told).toEqual(['one', 'two']);
  });

  it('is not taken from one that does not react', async () => {
    let release: () => void = () => undefined;
    const frozen = navigator.locks.request('sotto-engine', () => new Promise<void>((resolve) => (release = resolve)));
    const two = newLock();
    expect(await two.take()).toBe(false);
    expect(await two.takeOver()).toBe(false);
    expect(two.isHeld).toBe(false);
    release();
    await frozen;
  });
});
