/**
 * The data key, and the ways to it. It is random and seals everything; a key from a passphrase or a passkey only wraps it. So
 * either can be changed without touching a single record.
 */
import { failed, failureFrom, FailureError, type Result } from '../shared/protocol/failure';
import type { LockRecord, PasskeyWay, PassphraseWay, WrappedKey } from '../shared/domain/lock';
import { askPasskey, createPasskey } from './passkey';
import { currentDerivation, passphraseKey } from './passphrase-key';

/** How a person shows that the lock is theirs. */
export type Proof = { readonly passphrase: string } | { readonly passkey: true };

const usages: readonly KeyUsage[] = ['encrypt', 'decrypt'];

/** What the wrapping is for is authenticated: one way's wrapped key cannot be put in the other's place. */
const algorithmOf = (iv: Uint8Array<ArrayBuffer>, way: 'passphrase' | 'passkey'): AesGcmParams => ({
  name: 'AES-GCM',
  iv,
  additionalData: new TextEncoder().encode(`data key, version 1, ${way}`),
});

async function wrap(dataKey: CryptoKey, wrappingKey: CryptoKey, way: 'passphrase' | 'passkey'): Promise<WrappedKey> {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const bytes = new Uint8Array(await crypto.subtle.wrapKey('raw', dataKey, wrappingKey, algorithmOf(iv, way)));
  return { iv, bytes };
}

/** @param dataKey extractable. Rejects with a `FailureError`, see `passphraseKey` */
export async function passphraseWay(dataKey: CryptoKey, passphrase: string): Promise<PassphraseWay> {
  const salt = crypto.getRandomValues(new Uint8Array(16));
  const derivation = currentDerivation();
  const wrapped = await wrap(dataKey, await passphraseKey(passphrase, salt, derivation), 'passphrase');
  return { salt, derivation, wrapped };
}

/** @param dataKey extractable. Rejects with a `FailureError` of the kind `passkey-refused` or `passkey-unable` */
export async function passkeyWay(dataKey: CryptoKey): Promise<PasskeyWay> {
  const salt = crypto.getRandomValues(new Uint8Array(32));
  const { credentialId, wrappingKey } = await createPasskey(salt);
  return { credentialId, salt, wrapped: await wrap(dataKey, wrappingKey, 'passkey') };
}

/**
 * The data key, by a passphrase or the passkey.
 * @param extractable only to wrap it anew
 */
export async function openDataKey(record: LockRecord, proof: Proof, extractable = false): Promise<Result<CryptoKey>> {
  try {
    const name = 'passphrase' in proof ? 'passphrase' : 'passkey';
    const way = record[name];
    if (way === null) return failed('passkey-refused', `no ${name} has been set`);
    const wrappingKey = await wrappingKeyOf(record, proof);
    const { iv, bytes } = way.wrapped;
    try {
      const algorithm = algorithmOf(iv, name);
      const value = await crypto.subtle.unwrapKey(
        'raw',
        bytes,
        wrappingKey,
        algorithm,
        'AES-GCM',
        extractable,
        usages as KeyUsage[],
      );
      return { ok: true, value };
    } catch (error) {
      return failed(name === 'passphrase' ? 'passphrase-wrong' : 'passkey-refused', String(error));
    }
  } catch (error) {
    return { ok: false, failure: failureFrom(error, 'lock-damaged') };
  }
}

async function wrappingKeyOf({ passphrase, passkey }: LockRecord, proof: Proof): Promise<CryptoKey> {
  if ('passphrase' in proof && passphrase) {
    return passphraseKey(proof.passphrase, passphrase.salt, passphrase.derivation);
  }
  if (passkey) return askPasskey(passkey.credentialId, passkey.salt);
  throw new FailureError({ kind: 'lock-damaged', technical: 'no way to the key' });
}

/** A new data key, and the record of a lock that a person opens in this way. Rejects like `passphraseWay` and `passkeyWay`. */
export async function newLock(proof: Proof): Promise<{ readonly record: LockRecord; readonly key: CryptoKey }> {
  const dataKey = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, true, usages);
  const isPassphrase = 'passphrase' in proof;
  const record: LockRecord = {
    id: 'lock',
    version: 1,
    keyId: crypto.randomUUID(),
    phase: 'sealing',
    position: null,
    passphrase: isPassphrase ? await passphraseWay(dataKey, proof.passphrase) : null,
    passkey: isPassphrase ? null : await passkeyWay(dataKey),
    lockAfter: '15',
  };
  return { record, key: await sealedKey(dataKey) };
}

/** The same key, no longer to be taken out. */
async function sealedKey(dataKey: CryptoKey): Promise<CryptoKey> {
  const raw = await crypto.subtle.exportKey('raw', dataKey);
  const key = await crypto.subtle.importKey('raw', raw, 'AES-GCM', false, ['encrypt', 'decrypt']);
  new Uint8Array(raw).fill(0);
  return key;
}
