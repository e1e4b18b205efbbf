/** The engine's hand on the database of kept sequences. Each write stands for itself, so no crash leaves half of anything. */
import { DatabaseConnection } from '../../../../src/shared/platform/database-connection';
import {
  blocksOf,
  promptCacheDatabase,
  recordBytes,
  usualRule,
  type CacheRule,
  type KeptSequenceRecord,
  type PromptCacheDatabase,
  type RecordKey,
} from '../../../../src/shared/platform/prompt-cache-database';
import { toldElsewhere } from '../../../../src/shared/platform/told-elsewhere';

/** One more block of a sequence, and the record that counts it. */
export interface BlockWrite {
  readonly record: KeptSequenceRecord;
  /** From 0; what lies behind it in the stored record is deleted. */
  readonly index: number;
  readonly block: Uint8Array<ArrayBuffer>;
  /** Of the record that this one takes the place of; undefined where there was none. */
  readonly follows: string | undefined;
  /** Of the rule under which the sequence was read. */
  readonly ruleVersion: number;
}

export const keyOf = ({ conversationId, modelKey }: KeptSequenceRecord): RecordKey => [conversationId, modelKey];

export class KeptStore {
  readonly #connection = new DatabaseConnection(promptCacheDatabase);

  rule(): Promise<CacheRule> {
    return this.#connection.use(async (database) => (await database.get('rule', 'rule')) ?? usualRule);
  }

  recordsOf(modelKey: string): Promise<readonly KeptSequenceRecord[]> {
    return this.#connection.use(async (database) =>
      (await database.getAll('sequences')).filter((record) => record.modelKey === modelKey),
    );
  }

  block(key: RecordKey, index: number): Promise<Uint8Array<ArrayBuffer> | undefined> {
    return this.#connection.use((database) => database.get('blocks', [...key, index]));
  }

  /** Notes that a record was of use. */
  async touch(key: RecordKey, usedAt: number): Promise<void> {
    await this.#connection.use(async (database) => {
      const { store, done } = database.transaction('sequences', 'readwrite');
      const record = await store.get(key);
      if (record) toldElsewhere(store.put({ ...record, usedAt }));
      await done;
    });
  }

  async remove(key: RecordKey): Promise<void> {
    await this.#connection.use(async (database) => {
      const transaction = database.transaction(['sequences', 'blocks'], 'readwrite');
      toldElsewhere(transaction.objectStore('sequences').delete(key));
      toldElsewhere(transaction.objectStore('blocks').delete(blocksOf(key)));
      await transaction.done;
    });
  }

  /**
   * Writes a block. Where there is no room for it, within the limit or on the disk, the least recently used sequences go.
   * @returns false when it may not be kept, or cannot be
   */
  async write(write: BlockWrite): Promise<boolean> {
    for (;;) {
      try {
        return await this.#connection.use((database) => writeBlock(database, write));
      } catch (error) {
        if (!(error instanceof DOMException) || error.name !== 'QuotaExceededError') throw error;
        if (!(await this.#removeOldest(keyOf(write.record)))) return false;
      }
    }
  }

  close(): void {
    this.#connection.close();
  }

  /** @returns false when there is none but this one */
  async #removeOldest([conversationId, modelKey]: RecordKey): Promise<boolean> {
    const records = await this.#connection.use((database) => database.getAll('sequences'));
    const [oldest] = records
      .filter((record) => record.conversationId !== conversationId || record.modelKey !== modelKey)
      .sort(byUse);
    if (oldest) await this.remove(keyOf(oldest));
    return oldest !== undefined;
  }
}

const byUse = (a: KeptSequenceRecord, b: KeptSequenceRecord): number => a.usedAt - b.usedAt;

async function writeBlock(
  database: PromptCacheDatabase,
  { record, index, block, follows, ruleVersion }: BlockWrite,
): Promise<boolean> {
  const transaction = database.transaction(['rule', 'sequences', 'blocks'], 'readwrite');
  const sequences = transaction.objectStore('sequences');
  const blocks = transaction.objectStore('blocks');
  const key = keyOf(record);
  const [rule = usualRule, records] = await Promise.all([
    transaction.objectStore('rule').get('rule'),
    sequences.getAll(),
  ]);
  const isOwn = (other: KeptSequenceRecord): boolean => other.conversationId === key[0] && other.modelKey === key[1];
  const allowed =
    rule.version === ruleVersion && rule.keyId === record.keyId && records.find(isOwn)?.revision === follows;
  const others = records.filter((other) => !isOwn(other)).sort(byUse);
  let bytes = recordBytes(record);
  if (!allowed || bytes > rule.mostBytes) {
    await transaction.done;
    return false;
  }
  const requests: Promise<unknown>[] = [];
  for (const other of others) bytes += recordBytes(other);
  for (const other of others) {
    if (bytes <= rule.mostBytes) break;
    bytes -= recordBytes(other);
    requests.push(sequences.delete(keyOf(other)), blocks.delete(blocksOf(keyOf(other))));
  }
  requests.push(blocks.delete(blocksOf(key, index)), blocks.put(block, [...key, index]), sequences.put(record));
  // A request that fails ends the transaction, and its reason is told there.
  await Promise.allSettled([...requests, transaction.done]);
  await transaction.done;
  return true;
}
