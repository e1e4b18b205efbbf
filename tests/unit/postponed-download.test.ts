/** A download that is put off goes on when it is due, or when what it waits for has come, and not before. */
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { FailureKind } from '../../src/shared/protocol/failure';
import type { TransferProgress, WeightsEvent } from '../../src/shared/protocol/weights';
import type { ModelRecord } from '../../workers/weights/store/weights-database';
import type { WeightsStore } from '../../workers/weights/store/weights-store';
import { withoutDelay } from '../../workers/weights/postponed';
import { Transfers } from '../../workers/weights/transfers';
import type { WorkerChannel } from '../../workers/weights/worker-channel';

const minutes = 60_000;
const hours = 60 * minutes;
const now = new Date('2030-01-01T12:00:00Z').getTime();
const modelId = 'm';

/** One model, in memory. It is taken up as soon as one of its files is asked for; then the store ends it. */
class OneModel {
  record: ModelRecord;
  takenUp = 0;
  readonly heard: TransferProgress[] = [];
  /** What happens after a record was read, while a wait is told, and when a record is written. */
  whileRead: () => void = () => {};
  whileTold: () => void = () => {};
  whileNoted: (record: ModelRecord) => void = () => {};

  constructor(kind: FailureKind, until: number) {
    this.record = {
      modelId,
      manifest: {
        modelId,
        name: 'M',
        format: 'gguf',
        source: { kind: 'hub', repository: 'a/b', commit: '0'.repeat(40) },
        files: [{ path: 'a.gguf', bytes: 1 }],
      },
      fileKeys: ['key'],
      state: 'downloading',
      addedAt: 1,
      postponed: { until, failure: { kind, technical: '' } },
    };
  }

  readonly store = {
    model: async () => {
      await Promise.resolve();
      const { record } = this;
      this.whileRead();
      return record;
    },
    changeModel: async (_: string, change: (record: ModelRecord) => ModelRecord | undefined) => {
      const changed = change(this.record);
      if (changed) this.whileNoted((this.record = changed));
      return changed;
    },
    modelBytes: async () => {
      this.whileTold();
      return 0;
    },
    file: async () => {
      this.takenUp += 1;
      this.record = { ...this.record, state: 'paused' };
      return undefined;
    },
  };

  start(): Transfers {
    const channel = {
      listen: () => {},
      tellPages: (event: WeightsEvent) => event.type === 'progress' && this.heard.push(event.progress),
    };
    const tuning = { connections: 1, stallMs: 1, backoffMs: 1, patienceMs: 1, settleMs: 1 };
    const transfers = new Transfers(
      this.store as unknown as WeightsStore,
      channel as unknown as WorkerChannel,
      tuning as ConstructorParameters<typeof Transfers>[2],
    );
    transfers.takeUp(modelId);
    return transfers;
  }

  withoutDelay(): void {
    this.record = withoutDelay(this.record);
  }
}

const soon = () => vi.advanceTimersByTimeAsync(50);

beforeEach(() => vi.useFakeTimers({ now }));
afterEach(() => {
  vi.useRealTimers();
  Reflect.deleteProperty(navigator, 'locks');
});

it('waits until it is due', async () => {
  const model = new OneModel('host-busy', now + 20 * minutes);
  model.start();
  await vi.advanceTimersByTimeAsync(19 * minutes);
  expect(model.takenUp).toBe(0);
  expect(model.heard.at(-1)).toMatchObject({ phase: 'waiting', retryAt: now + 20 * minutes });
  await vi.advanceTimersByTimeAsync(2 * minutes);
  expect(model.takenUp).toBe(1);
});

it('goes on when the network is back, for which it waited', async () => {
  const model = new OneModel('host-unreachable', now + 20 * minutes);
  model.start();
  await soon();
  expect(model.takenUp).toBe(0);
  self.dispatchEvent(new Event('online'));
  await soon();
  expect(model.takenUp).toBe(1);
});

it('waits on when the network is back, but its host has asked to be left alone', async () => {
  const model = new OneModel('host-busy', now + 20 * minutes);
  model.start();
  await soon();
  self.dispatchEvent(new Event('online'));
  await soon();
  expect(model.takenUp).toBe(0);
  expect(model.record.postponed).toBeDefined();
});

it.each<readonly [string, (model: OneModel, call: () => void) => void]>([
  ['its record is read', (model, call) => (model.whileRead = call)],
  ['its wait is told', (model, call) => (model.whileTold = call)],
])('goes on when a person calls it while %s', async (_, during) => {
  const model = new OneModel('host-busy', now + 20 * minutes);
  const called: { transfers?: Transfers } = {};
  during(model, () => {
    // Once: each look at the store would be a call otherwise.
    model.whileRead = model.whileTold = () => {};
    model.withoutDelay();
    called.transfers?.takeUp(modelId);
  });
  called.transfers = model.start();
  await soon();
  expect(model.takenUp).toBe(1);
});

it('goes on when the clock has been set back since it was put off', async () => {
  const model = new OneModel('host-busy', now + 5 * hours);
  model.start();
  await soon();
  expect(model.takenUp).toBe(1);
});

it('is put off before another tab may begin', async () => {
  let held = 0;
  Object.defineProperty(navigator, 'locks', {
    configurable: true,
    value: {
      query: async () => ({ held: [] }),
      request: async (_name: string, _options: object, work: () => Promise<unknown>) => {
        held += 1;
        return work().finally(() => (held -= 1));
      },
    },
  });
  const model = new OneModel('host-busy', now + 20 * minutes);
  const { postponed } = model.record;
  model.withoutDelay();
  const noted: number[] = [];
  // The host asks for more time just as this tab begins.
  const read = model.store.model;
  model.store.model = async () => {
    const record = await read();
    return held > 0 && postponed ? { ...record, postponed } : record;
  };
  model.whileNoted = (record) => record.postponed && noted.push(held);
  model.start();
  await soon();
  expect(noted).toEqual([2]);
});
