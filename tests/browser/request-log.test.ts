import { deleteDB, openDB } from 'idb';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { StorageMarker } from '../../src/app/storage-marker';
import { withDatabase } from '../../src/shared/platform/database-connection';
import {
  ledgerDatabase,
  ledgerDatabaseName,
  mostRequestRows,
  RequestLog,
  type RequestRow,
} from '../../src/shared/platform/request-log';
import { RequestLedger } from '../../src/privacy/request-ledger.svelte';

beforeEach(async () => {
  await deleteDB(ledgerDatabaseName);
  localStorage.clear();
});
afterEach(() => vi.restoreAllMocks());

const stored = (): Promise<readonly RequestRow[]> =>
  withDatabase(ledgerDatabase, (database) => database.getAll('requests'));

const told = { purpose: 'model', bytes: 1, result: 'answered' } as const;

describe('the list of requests', () => {
  it('is written by several threads at once, without losing one', async () => {
    const [weights, worker] = [new RequestLog('weights'), new RequestLog('service-worker')];
    for (let at = 0; at < 50; at += 1) {
      weights.note('https://hub.example/a?key=secret', { at, ...told });
      worker.note('https://sotto.example/b', { at, ...told, purpose: 'offline-copy' });
    }
    await expect.poll(async () => (await stored()).length).toBe(100);
    const rows = await stored();
    expect(rows.filter(({ source }) => source === 'weights')).toHaveLength(50);
    expect(JSON.stringify(rows)).not.toContain('secret');
  });

  it('keeps the newest 2,000', async () => {
    const log = new RequestLog('page');
    for (let at = 0; at < mostRequestRows + 300; at += 1) log.note('https://sotto.example/', { at, ...told });
    await expect.poll(async () => (await stored()).at(-1)?.at, { timeout: 20_000 }).toBe(mostRequestRows + 299);
    const rows = await stored();
    expect(rows).toHaveLength(mostRequestRows);
    expect(rows[0]?.at).toBe(300);
  });

  it('is shown oldest first, whenever it was written, and goes on while it is open', async () => {
    const log = new RequestLog('page');
    // A clock that is set back, or forward to 2031, changes the order and nothing else.
    for (const at of [Date.UTC(2031, 0), Date.UTC(2026, 5), Date.UTC(2026, 6)])
      log.note('https://a.example/', { at, ...told });
    await expect.poll(async () => (await stored()).length).toBe(3);
    const ledger = new RequestLedger();
    await ledger.open([]);
    expect(ledger.rows.map(({ at }) => at)).toEqual([Date.UTC(2026, 5), Date.UTC(2026, 6), Date.UTC(2031, 0)]);
    log.note('https://b.example/', { at: Date.now(), ...told });
    await expect.poll(() => ledger.rows.length).toBe(4);
    await ledger.clear();
    expect(ledger.rows).toEqual([]);
    expect(await stored()).toEqual([]);
    ledger.close();
  });

  it('lives as long as the page where the browser stores nothing', async () => {
    vi.spyOn(IDBFactory.prototype, 'open').mockImplementation(() => {
      throw new DOMException('refused', 'InvalidStateError');
    });
    const log = new RequestLog('page');
    log.note('https://a.example/', { at: 1, ...told });
    await expect.poll(() => log.unstored.length).toBe(1);
    const ledger = new RequestLedger();
    await ledger.open(log.unstored);
    expect([ledger.stored, ledger.rows.length]).toEqual([false, 1]);
    ledger.close();
  });

  it('is closed when a row cannot be written, and nothing waits for one that does not answer', async () => {
    const close = vi.spyOn(IDBDatabase.prototype, 'close');
    vi.spyOn(IDBObjectStore.prototype, 'count').mockImplementationOnce(() => {
      throw new DOMException('it failed', 'UnknownError');
    });
    const log = new RequestLog('page');
    log.note('https://a.example/', { at: 1, ...told });
    await expect.poll(() => log.unstored.length).toBe(1);
    await expect.poll(() => close.mock.calls.length).toBe(1);
    const frozen = await openDB(ledgerDatabaseName);
    const deleting = deleteDB(ledgerDatabaseName);
    log.note('https://b.example/', { at: 2, ...told });
    const looking = new StorageMarker().look();
    await expect.poll(() => log.unstored.length, { timeout: 15_000 }).toBe(2);
    expect(await looking).toBeNull();
    frozen.close();
    await deleting;
  });
});

describe('what the browser has deleted', () => {
  async function visit(kept: { chats: number; models: number }): Promise<unknown> {
    const marker = new StorageMarker();
    const lost = await marker.look();
    marker.note(kept);
    return lost;
  }

  it('is noticed once, with what there was', async () => {
    expect(await visit({ chats: 3, models: 1 }), 'the first visit').toBeNull();
    expect(await visit({ chats: 4, models: 1 })).toBeNull();
    await deleteDB(ledgerDatabaseName);
    expect(await visit({ chats: 0, models: 0 })).toEqual({ chats: 4, models: 1 });
    expect(await visit({ chats: 0, models: 0 })).toBeNull();
  });

  it('is nothing when a person deleted it, or when only settings are gone', async () => {
    await visit({ chats: 2, models: 0 });
    await visit({ chats: 0, models: 0 });
    expect(await visit({ chats: 0, models: 0 })).toBeNull();
    await visit({ chats: 2, models: 0 });
    localStorage.clear();
    expect(await visit({ chats: 2, models: 0 })).toBeNull();
  });

  it('is nothing where the browser stores nothing, or the mark is damaged', async () => {
    localStorage.setItem('sotto.kept', '{"id":7');
    expect(await visit({ chats: 1, models: 0 })).toBeNull();
    vi.spyOn(IDBFactory.prototype, 'open').mockImplementation(() => {
      throw new DOMException('refused', 'InvalidStateError');
    });
    expect(await visit({ chats: 1, models: 0 })).toBeNull();
  });
});
