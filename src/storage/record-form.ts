import { FailureError } from '../shared/protocol/failure';
import { isSealed } from '../shared/domain/lock';
import type { TableName } from './tables';

/** How the records of one transaction lie in the database: as they are, or sealed. */
export interface RecordForm {
  /** @returns undefined for what is not there, or cannot be read and has nothing that could be shown in its place */
  open<Value>(table: TableName, stored: Value | undefined): Promise<Value | undefined>;
  openAll<Value>(table: TableName, stored: readonly Value[]): Promise<readonly Value[]>;
  /** What is to be put for a value. */
  close<Value>(table: TableName, value: Value): Promise<Value>;
}

function plain<Value>(stored: Value): Value {
  if (isSealed(stored)) throw new FailureError({ kind: 'storage-locked', technical: 'a sealed record, and no key' });
  return stored;
}

/** For a tab without the key: all there is while there is no lock. */
export const asItIs: RecordForm = {
  open: async (_table, stored) => plain(stored),
  openAll: async (_table, stored) => stored.map(plain),
  close: async (_table, value) => value,
};
