import { afterEach, describe, expect, it } from 'vitest';
import type { TransferProgress } from '../../src/shared/protocol/weights';
import { timeLeft, transferText } from '../../src/models/shelf/transfer-text';
import { overwriteGetLocale } from '../../src/text/paraglide/runtime.js';
import { storedGguf } from '../fixtures/models';

overwriteGetLocale(() => 'en');
afterEach(() => overwriteGetLocale(() => 'en'));

const model = storedGguf('a', 986e6, { state: 'downloading', storedBytes: 100e6, hashesCompared: false });
const progress: TransferProgress = {
  modelId: 'a',
  phase: 'downloading',
  receivedBytes: 412e6,
  totalBytes: 986e6,
  bytesPerSecond: 8.4e6,
  secondsLeft: 68,
};

describe('a transfer in words', () => {
  it('tells amount, rate and time of a download', () => {
    expect(transferText(model, progress)).toEqual({
      state: 'Downloading',
      figures: '412 MB of 986 MB · 8.4 MB/s · 1 min left',
      fraction: 412 / 986,
      spoken: '42% · 1 min left',
    });
  });

  it('tells in Chinese', () => {
    overwriteGetLocale(() => 'zh-CN');
    expect(transferText(model, progress).figures).toBe('412 MB / 986 MB · 每秒 8.4 MB · 还剩 1 分钟');
  });

  it('has no rate and no time where there is none to tell', () => {
    const begun = transferText(model, { ...progress, bytesPerSecond: null, secondsLeft: null });
    expect(begun.figures).toBe('412 MB of 986 MB');
    expect(begun.spoken).toBe('42%');
    expect(transferText(model, { ...progress, bytesPerSecond: 0 }).figures).toBe('412 MB of 986 MB · 1 min left');
  });

  it('tells no rate of what does not move', () => {
    for (const phase of ['queued', 'waiting', 'verifying'] as const)
      expect(transferText(model, { ...progress, phase }).figures, phase).toBe('412 MB of 986 MB');
  });

  it('says what it waits for and when it tries again', () => {
    const retryAt = new Date(2026, 0, 1, 14, 5, 9).getTime();
    const obstacle = { kind: 'host-unreachable', technical: 'TypeError' } as const;
    const { state } = transferText(model, { ...progress, phase: 'waiting', retryAt, obstacle });
    expect(state).toMatch(/^\w.+\. Trying again at \d\d:05:09/);
    expect(transferText(model, { ...progress, phase: 'waiting' }).state).toBe('Trying again soon.');
  });

  it('counts what is stored where nothing is heard of a transfer', () => {
    expect(transferText({ ...model, state: 'paused' }, undefined)).toMatchObject({
      state: 'Paused',
      figures: '100 MB of 986 MB',
      fraction: 100 / 986,
    });
  });

  it('knows a copy whose tab is gone', () => {
    expect(transferText({ ...model, state: 'copying' }, undefined).state).toMatch(/Open the file again/);
    expect(transferText({ ...model, state: 'copying' }, { ...progress, phase: 'copying' }).state).toMatch(/^Copying/);
    const folder = { ...model, state: 'copying', manifest: { ...model.manifest, format: 'mlc' } } as const;
    expect(transferText(folder, undefined).state).toMatch(/Open the folder again/);
  });

  it('is never more than whole, and not lost without bytes', () => {
    expect(transferText(model, { ...progress, receivedBytes: 2e9 }).fraction).toBe(1);
    expect(transferText({ ...model, bytes: 0, storedBytes: 0 }, undefined).fraction).toBe(0);
  });
});

describe('the time left', () => {
  it.each([
    [0, '5 s left'],
    [1, '5 s left'],
    [11, '15 s left'],
    [57, '60 s left'],
    [58, '1 min left'],
    [149, '2 min left'],
    [59.6 * 60, '1 h 0 min left'],
    [2 * 3600 + 5 * 60, '2 h 5 min left'],
  ])('of %d seconds is "%s"', (seconds, words) => {
    expect(timeLeft(seconds)).toBe(words);
  });
});
