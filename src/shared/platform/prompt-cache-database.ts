/**
 * What large models have read of conversations, kept on the device: where it lies, and under which rule. The engine worker writes
 * it; the page shows its size, sets the rule and clears it.
 */
import type { DBSchema, IDBPDatabase } from 'idb';
import type { DatabaseDefinition } from './open-database';

export const promptCacheDatabaseName = 'sotto-prompt-cache';

/** Bytes that may be kept, unless a person says otherwise. */
export const usualMostBytes = 512e6;

export interface CacheRule {
  /** 0: nothing is kept. */
  readonly mostBytes: number;
  /** The data key of the lock under which everything must be sealed; null where there is no lock. */
  readonly keyId: string | null;
  /**
   * Counts all changes of the rule, and everything that was cleared. What was begun under an older version is not written any
   * more: otherwise a deleted conversation could come back from the memory of an engine.
   */
  readonly version: number;
}

export const usualRule: CacheRule = { mostBytes: usualMostBytes, keyId: null, version: 0 };

/** What a model has read of a conversation. There is one record for both together; its blocks lie beside it. */
export interface KeptSequenceRecord {
  readonly conversationId: string;
  /** Names the model's content, see `workers/engine/cpu/kept/model-key.ts`. */
  readonly modelKey: string;
  /** Bytes of each block. */
  readonly blockBytes: readonly number[];
  /** ms since 1970 */
  readonly usedAt: number;
  /** Changes with each write. Who finds another one than expected was overtaken by another tab. */
  readonly revision: string;
  /** With which key it is sealed; null where it is not. */
  readonly keyId: string | null;
  /** 32 bits a token, little-endian, in an envelope. */
  readonly tokens: Uint8Array<ArrayBuffer>;
}

export type RecordKey = [conversationId: string, modelKey: string];

export interface PromptCacheSchema extends DBSchema {
  rule: { key: 'rule'; value: CacheRule };
  sequences: { key: RecordKey; value: KeptSequenceRecord };
  /** Bytes in envelopes, and not Blobs: private windows of WebKit refuse those. */
  blocks: { key: [...RecordKey, number]; value: Uint8Array<ArrayBuffer> };
}

export type PromptCacheDatabase = IDBPDatabase<PromptCacheSchema>;

export const promptCacheDatabase: DatabaseDefinition<PromptCacheSchema> = {
  name: promptCacheDatabaseName,
  refused: 'storage-unavailable',
  migrations: [
    (database) => {
      database.createObjectStore('rule');
      database.createObjectStore('sequences', { keyPath: ['conversationId', 'modelKey'] });
      database.createObjectStore('blocks');
    },
  ],
};

/** All blocks of one record, or of all records of a conversation, from a block on. */
export const blocksOf = (key: readonly string[], from?: number): IDBKeyRange =>
  IDBKeyRange.bound(from === undefined ? key : [...key, from], [...key, []]);

export const recordBytes = ({ blockBytes, tokens }: KeptSequenceRecord): number =>
  blockBytes.reduce((sum, bytes) => sum + bytes, tokens.length);
