import { isSealed, type LockRecord } from '../shared/domain/lock';
import { seal, unseal } from '../shared/platform/seal';
import { isUnreadable } from '../shared/platform/unreadable-blob';
import { withBytes } from './blob-bytes';
import { withBlobs } from '../shared/platform/stored-bytes';
import type { ChatsConnection } from './chats-connection';
import type { ChatsDatabase } from './chats-database';
import type { TableName } from './tables';
import { TransactionHold } from './transaction-hold';
import { placeholderFor } from './unreadable';
import type { LivingTransaction, Vault } from './vault';

export interface RewriteProgress {
  /** Records that have their new form. */
  readonly done: number;
  readonly total: number;
}

/**
 * All tables, in the order in which they are rewritten: what a person wrote before the files that it came with. With each, how
 * many of its records go into one transaction: others wait while it runs, and files may be large.
 */
const recordsTogether: Readonly<Record<TableName, number>> = {
  settings: 200,
  personas: 200,
  servers: 200,
  drafts: 200,
  conversations: 200,
  messages: 200,
  keptRecords: 200,
  labSets: 20,
  labRuns: 200,
  labChoices: 200,
  labAnswers: 100,
  collections: 200,
  documents: 200,
  attachments: 4,
  documentContents: 1,
};
const order = Object.keys(recordsTogether) as readonly TableName[];

const breath = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

/** In which table to go on. */
const tableAt = ({ position }: LockRecord): number => Math.max(0, order.indexOf(position?.table as TableName));

/**
 * Seals all records, or opens them, as the phase of the lock says; ends the phase when all are done. A few records at a time,
 * each time in one transaction with a note of how far it has come: killed at any moment, it goes on from there. Stops when the
 * lock is no longer in such a phase, because another tab has finished it. Records must be written in the new form meanwhile.
 * Rejects with a `FailureError` of a storage kind; then, too, it can be called again.
 */
export async function* rewriteRecords(connection: ChatsConnection, vault: Vault): AsyncGenerator<RewriteProgress> {
  const { key } = vault;
  if (key === null) return;
  let progress = await connection.use((database) => countRecords(database));
  for (;;) {
    const { changed, record } = await connection.use(async (database) =>
      rewriteSome(database, key, !(await connection.keepsBlobs(database))),
    );
    vault.learn(record);
    if (record === null || record.phase === 'sealed') return;
    progress = { ...progress, done: Math.min(progress.done + changed, progress.total) };
    yield progress;
    await breath();
  }
}

async function countRecords(database: ChatsDatabase): Promise<RewriteProgress> {
  const transaction = database.transaction([...order, 'lock']);
  const record = await transaction.objectStore('lock').get('lock');
  const counts = await Promise.all(order.map((table) => transaction.objectStore(table).count()));
  const at = record ? tableAt(record) : 0;
  const passed = record?.position ? IDBKeyRange.upperBound(record.position.key) : null;
  const begun = order[at] && passed ? await transaction.objectStore(order[at]).count(passed as never) : 0;
  const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);
  return { done: sum(counts.slice(0, at)) + begun, total: sum(counts) };
}

async function rewriteSome(
  database: ChatsDatabase,
  key: CryptoKey,
  asBytes: boolean,
): Promise<{ readonly changed: number; readonly record: LockRecord | null }> {
  const transaction = database.transaction([...order, 'lock'], 'readwrite');
  const lock = transaction.objectStore('lock');
  const record = (await lock.get('lock')) ?? null;
  if (record === null || record.phase === 'sealed') return { changed: 0, record };
  const hold = new TransactionHold(transaction as unknown as LivingTransaction);
  for (let at = tableAt(record); at < order.length; at += 1) {
    const table = order[at] as TableName;
    const after = record.position?.table === table ? IDBKeyRange.lowerBound(record.position.key, true) : null;
    const store = transaction.objectStore(table);
    const stored = (await store.getAll(
      after as never,
      recordsTogether[table],
    )) as readonly object[] as readonly StoredRecord[];
    const last = stored.at(-1);
    if (!last) continue;
    const form = async (value: StoredRecord): Promise<object | undefined> => {
      if (record.phase === 'sealing') return sealed(key, table, withBlobs(value));
      const open = await opened(key, table, value);
      return asBytes && open !== undefined && open !== value ? withBytes(open) : open;
    };
    const rewritten = await hold.during(Promise.all(stored.map(form)));
    for (const [index, value] of rewritten.entries()) {
      if (value === undefined) await store.delete((stored[index] as StoredRecord).id);
      else if (value !== stored[index]) await store.put(value as never);
    }
    const next: LockRecord = { ...record, position: { table, key: last.id } };
    await lock.put(next);
    await transaction.done;
    return { changed: stored.length, record: next };
  }
  // Nothing is left.
  const finished: LockRecord | null =
    record.phase === 'sealing' ? { ...record, phase: 'sealed', position: null } : null;
  if (finished) await lock.put(finished);
  else await lock.delete('lock');
  await transaction.done;
  return { changed: 0, record: finished };
}

type StoredRecord = Readonly<Record<string, unknown>> & { readonly id: string };

const sealed = async (key: CryptoKey, table: TableName, value: StoredRecord): Promise<object> => {
  if (isSealed(value)) return value;
  try {
    return await seal(key, table, value);
  } catch (error) {
    if (!isUnreadable(error)) throw error;
    // A file that the browser has lost: it must not keep all that comes after it from being sealed.
    return seal(key, table, withEmptyBlobs(value));
  }
};

const withEmptyBlobs = (record: StoredRecord): StoredRecord => ({
  ...Object.fromEntries(
    Object.entries(record).map(([field, value]) => [
      field,
      value instanceof Blob ? new Blob([], { type: value.type }) : value,
    ]),
  ),
  id: record.id,
});

/** A record whose seal is broken becomes what is shown in its place: the key, its last hope, goes with the lock. */
const opened = async (key: CryptoKey, table: TableName, value: StoredRecord): Promise<object | undefined> => {
  if (!isSealed(value)) return value;
  return unseal(key, table, value).catch(() => placeholderFor(table, value));
};
