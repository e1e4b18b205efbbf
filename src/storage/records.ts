import type { ChatSettings } from '../shared/domain/chat-settings';

/** What a person has set for all conversations. One record, `defaults`. */
export interface SettingRecord {
  readonly id: 'defaults';
  readonly value: ChatSettings;
}

/** A record of an import that this version does not understand: kept, so that the next export has it again. */
export interface KeptRecord {
  /** A fingerprint of its content: the same record is kept once. */
  readonly id: string;
  /** The line as it was, JSON. */
  readonly line: string;
}

/** Records of one kind that belong to no conversation. Rejections are `FailureError`s, as in `ConversationRepository`. */
export interface RecordRepository<Value extends { readonly id: string }> {
  list(): Promise<readonly Value[]>;
  read(id: string): Promise<Value | null>;
  write(value: Value): Promise<void>;
  /** Writes those whose id is not here yet, in one transaction. @returns how many */
  add(values: readonly Value[]): Promise<number>;
  /** Deletes and returns what was there, for undo. Null when there was nothing. */
  remove(id: string): Promise<Value | null>;
}
