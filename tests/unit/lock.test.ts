import { afterEach, describe, expect, it, vi } from 'vitest';
import { lockDelays, mustSeal, type LockDelay } from '../../src/shared/domain/lock';
import { isSoundDerivation } from '../../src/shared/protocol/key-derivation';
import { AutoLock, limitOf } from '../../src/lock/auto-lock';
import { strengthOf } from '../../src/lock/passphrase-strength';

describe('the strength of a passphrase', () => {
  it.each([
    ['', 'too-short'],
    ['       x       ', 'too-short'],
    ['aaaaaaaaaaaaaaaaaaaa', 'weak'],
    ['1234567890123456', 'weak'],
    ['Password123456!', 'weak'],
    ['two words', 'weak'],
    ['heron river lantern', 'weak'],
    ['heron river lantern copper', 'fair'],
    ['heron river lantern copper quilt moss', 'good'],
    ['rk7#Vq2!mLx9z', 'good'],
    ['苍鹭站在寒冷的河水里', 'good'],
  ] as const)('%s is %s', (passphrase, strength) => {
    expect(strengthOf(passphrase)).toBe(strength);
  });
});

describe('parameters of a derivation', () => {
  it('are refused when no version of Sotto would have written them', () => {
    expect(isSoundDerivation({ name: 'argon2id', memoryKib: 65_536, iterations: 3 })).toBe(true);
    expect(isSoundDerivation({ name: 'pbkdf2', iterations: 600_000 })).toBe(true);
    expect(isSoundDerivation({ name: 'argon2id', memoryKib: 90_000_000, iterations: 3 })).toBe(false);
    expect(isSoundDerivation({ name: 'argon2id', memoryKib: 65_536, iterations: 1e9 })).toBe(false);
    expect(isSoundDerivation({ name: 'pbkdf2', iterations: 1 })).toBe(false);
    expect(isSoundDerivation({ name: 'other' } as never)).toBe(false);
  });
});

it('what is written is sealed from the moment the lock is there until it is being turned off', () => {
  expect(mustSeal(null)).toBe(false);
  for (const phase of ['sealing', 'sealed', 'opening'] as const)
    expect(mustSeal({ phase } as never)).toBe(phase !== 'opening');
});

describe('locking by itself', () => {
  afterEach(() => void vi.useRealTimers());

  const minute = 60_000;

  function watch(delay: LockDelay, isBusy = (): boolean => false): { auto: AutoLock; lock: ReturnType<typeof vi.fn> } {
    vi.useFakeTimers();
    const lock = vi.fn();
    const auto = new AutoLock({
      delay: () => delay,
      isBusy: () => Promise.resolve(isBusy()),
      tellActive: () => {},
      lock,
    });
    auto.start();
    return { auto, lock };
  }

  it('has a limit for each choice, but one', () => {
    expect(lockDelays.map(limitOf)).toEqual([minute, 5 * minute, 15 * minute, 60 * minute, null]);
  });

  it('happens when nobody has touched Sotto for so long, and not before', async () => {
    const { auto, lock } = watch('5');
    await vi.advanceTimersByTimeAsync(4 * minute);
    dispatchEvent(new Event('pointerdown'));
    await vi.advanceTimersByTimeAsync(4.5 * minute);
    expect(lock).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(minute);
    expect(lock).toHaveBeenCalled();
    auto.stop();
  });

  it('is put off by somebody in another tab, and by what must be finished', async () => {
    let busy = true;
    const { auto, lock } = watch('5', () => busy);
    await vi.advanceTimersByTimeAsync(4 * minute);
    auto.active();
    await vi.advanceTimersByTimeAsync(3 * minute);
    expect(lock).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(30 * minute);
    expect(lock).not.toHaveBeenCalled();
    busy = false;
    await vi.advanceTimersByTimeAsync(10_000);
    expect(lock).toHaveBeenCalled();
    auto.stop();
  });

  it('never happens for those who chose so, nor after it has been stopped', async () => {
    const never = watch('never');
    await vi.advanceTimersByTimeAsync(600 * minute);
    expect(never.lock).not.toHaveBeenCalled();
    never.auto.stop();
    const stopped = watch('5');
    stopped.auto.stop();
    await vi.advanceTimersByTimeAsync(600 * minute);
    expect(stopped.lock).not.toHaveBeenCalled();
  });

  it('out of sight counts only while nobody sees Sotto', async () => {
    const { auto, lock } = watch('hidden');
    await vi.advanceTimersByTimeAsync(30 * minute);
    expect(lock).not.toHaveBeenCalled();
    const visibility = vi.spyOn(document, 'visibilityState', 'get').mockReturnValue('hidden');
    await vi.advanceTimersByTimeAsync(1.5 * minute);
    expect(lock).toHaveBeenCalled();
    visibility.mockRestore();
    auto.stop();
  });
});
