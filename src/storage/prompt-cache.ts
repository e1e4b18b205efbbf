import type { ConversationId } from '../shared/domain/conversation';
import { withDatabase } from '../shared/platform/database-connection';
import {
  blocksOf,
  promptCacheDatabase,
  recordBytes,
  usualRule,
  type CacheRule,
  type PromptCacheDatabase,
} from '../shared/platform/prompt-cache-database';
import { toldElsewhere } from '../shared/platform/told-elsewhere';

export interface PromptCacheUse {
  readonly bytes: number;
  readonly mostBytes: number;
}

/** The page's hand on what models have read and the engine keeps: its size, its limit, and its end. */
export class PromptCache {
  /** How much is kept, and how much may be. Rejects where the browser refuses storage, or another tab holds it up. */
  use(): Promise<PromptCacheUse> {
    return withCache(async (database) => {
      const rule = (await database.get('rule', 'rule')) ?? usualRule;
      const bytes = (await database.getAll('sequences')).reduce((sum, record) => sum + recordBytes(record), 0);
      return { bytes, mostBytes: rule.mostBytes };
    });
  }

  /** What is kept beyond the new limit goes at once, the least recently used first. */
  setMostBytes(mostBytes: number): Promise<void> {
    return this.#change({ mostBytes }, async (transaction) => {
      const sequences = transaction.objectStore('sequences');
      const records = (await sequences.getAll()).sort((a, b) => a.usedAt - b.usedAt);
      let bytes = records.reduce((sum, record) => sum + recordBytes(record), 0);
      for (const record of records) {
        if (bytes <= mostBytes) return;
        bytes -= recordBytes(record);
        void sequences.delete([record.conversationId, record.modelKey]);
        toldElsewhere(transaction.objectStore('blocks').delete(blocksOf([record.conversationId, record.modelKey])));
      }
    });
  }

  clear(): Promise<void> {
    return this.#change({}, removeAll);
  }

  /** Deletes what was read of these conversations, by any model. */
  forget(ids: readonly ConversationId[]): Promise<void> {
    return this.#change({}, (transaction) => {
      for (const id of ids) {
        toldElsewhere(transaction.objectStore('sequences').delete(blocksOf([id])));
        toldElsewhere(transaction.objectStore('blocks').delete(blocksOf([id])));
      }
    });
  }

  /** From now on, everything must be sealed with this key, or nothing where it is null. What was kept otherwise is deleted. */
  sealWith(keyId: string | null): Promise<void> {
    return withCache(async (database) => {
      const transaction = writing(database);
      const rule = (await transaction.objectStore('rule').get('rule')) ?? usualRule;
      if (rule.keyId !== keyId) {
        removeAll(transaction);
        toldElsewhere(transaction.objectStore('rule').put({ ...rule, keyId, version: rule.version + 1 }, 'rule'));
      }
      await transaction.done;
    });
  }

  #change(
    change: Partial<CacheRule>,
    work: (transaction: ReturnType<typeof writing>) => Promise<void> | void,
  ): Promise<void> {
    return withCache(async (database) => {
      const transaction = writing(database);
      const rule = (await transaction.objectStore('rule').get('rule')) ?? usualRule;
      await work(transaction);
      toldElsewhere(transaction.objectStore('rule').put({ ...rule, ...change, version: rule.version + 1 }, 'rule'));
      await transaction.done;
    });
  }
}

const withCache = <T>(work: (database: PromptCacheDatabase) => Promise<T>): Promise<T> =>
  withDatabase(promptCacheDatabase, work);

const writing = (database: PromptCacheDatabase) => database.transaction(['rule', 'sequences', 'blocks'], 'readwrite');

function removeAll(transaction: ReturnType<typeof writing>): void {
  toldElsewhere(transaction.objectStore('sequences').clear());
  toldElsewhere(transaction.objectStore('blocks').clear());
}
