/** The lock of the chats: what is stored of it, and what tabs tell each other. The cryptography is in `seal.ts`. */

export const lockChannelName = 'sotto-lock';

/** Where turning on or off has come to. `sealing` and `opening`: records of both forms lie in the database. */
export type LockPhase = 'sealing' | 'sealed' | 'opening';

/** When a page locks itself; the numbers are minutes without a touch. */
export const lockDelays = ['hidden', '5', '15', '60', 'never'] as const;
export type LockDelay = (typeof lockDelays)[number];

export type KeyDerivation =
  | { readonly name: 'argon2id'; readonly memoryKib: number; readonly iterations: number }
  /** Only where WebAssembly is missing. */
  | { readonly name: 'pbkdf2'; readonly iterations: number };

/** The data key under another key, AES-GCM. */
export interface WrappedKey {
  readonly iv: Uint8Array<ArrayBuffer>;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

export interface PassphraseWay {
  readonly salt: Uint8Array<ArrayBuffer>;
  readonly derivation: KeyDerivation;
  readonly wrapped: WrappedKey;
}

export interface PasskeyWay {
  readonly credentialId: Uint8Array<ArrayBuffer>;
  /** What the passkey's PRF is asked with. */
  readonly salt: Uint8Array<ArrayBuffer>;
  readonly wrapped: WrappedKey;
}

/** The one record of the store `lock`. While it is there, chats are locked. It holds nothing secret. */
export interface LockRecord {
  readonly id: 'lock';
  readonly version: 1;
  /** Which data key it is about: a key of an earlier lock must never seal anything under this one. */
  readonly keyId: string;
  readonly phase: LockPhase;
  /** The last record that has been brought into its new form; written in the transaction that did it. */
  readonly position: { readonly table: string; readonly key: string } | null;
  /** At least one of the two. */
  readonly passphrase: PassphraseWay | null;
  readonly passkey: PasskeyWay | null;
  readonly lockAfter: LockDelay;
}

/** Whether what is written now must be sealed. */
export const mustSeal = (record: LockRecord | null): boolean => record !== null && record.phase !== 'opening';

export type LockMessage =
  /** The lock is being turned on. The key goes to the tabs that show chats already, so that nothing typed there is lost. */
  | { readonly type: 'on'; readonly key: CryptoKey; readonly keyId: string }
  /** The record has changed, or is gone. */
  | { readonly type: 'changed' }
  /** Every tab locks itself now. */
  | { readonly type: 'lock' }
  /** Somebody is using Sotto in another tab. */
  | { readonly type: 'active' };

/** As a record lies in the database while the chats are locked: what the indices need, and the rest under seal. */
export interface SealedRecord {
  readonly id: string;
  readonly conversationId?: string;
  readonly updatedAt?: number;
  readonly pinnedKey?: 1;
  /** 12 bytes of nonce, then the ciphertext. */
  readonly sealed: Uint8Array<ArrayBuffer>;
}

export const isSealed = (stored: unknown): stored is SealedRecord =>
  typeof stored === 'object' && stored !== null && (stored as Partial<SealedRecord>).sealed instanceof Uint8Array;
