/// <reference lib="webworker" />
/** Entry of the thread that makes a key of a passphrase: that takes long on purpose, and the page must not stand still. */
import './restrict-scope';
import { expose } from 'comlink';
import { argon2id } from 'hash-wasm';
import type { DerivationApi, DerivationRequest } from '../src/shared/protocol/key-derivation';

async function derive({ passphrase, salt, derivation }: DerivationRequest): Promise<CryptoKey> {
  const password = new TextEncoder().encode(passphrase);
  let bytes: Uint8Array;
  if (derivation.name === 'argon2id') {
    const { memoryKib: memorySize, iterations } = derivation;
    bytes = await argon2id({
      password,
      salt,
      memorySize,
      iterations,
      parallelism: 1,
      hashLength: 32,
      outputType: 'binary',
    });
  } else {
    const material = await crypto.subtle.importKey('raw', password, 'PBKDF2', false, ['deriveBits']);
    const { iterations } = derivation;
    bytes = new Uint8Array(
      await crypto.subtle.deriveBits({ name: 'PBKDF2', hash: 'SHA-256', salt, iterations }, material, 256),
    );
  }
  return crypto.subtle.importKey('raw', bytes as Uint8Array<ArrayBuffer>, 'AES-GCM', false, ['wrapKey', 'unwrapKey']);
}

expose({ derive } satisfies DerivationApi);
