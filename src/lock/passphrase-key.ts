import passphraseWorkerUrl from '../../workers/passphrase.worker.ts?worker&url';
import { FailureError, failureFrom } from '../shared/protocol/failure';
import type { KeyDerivation } from '../shared/domain/lock';
import { isSoundDerivation, type DerivationApi } from '../shared/protocol/key-derivation';
import { startWorker } from '../shared/platform/trusted-worker';
import { WorkerHandle } from '../shared/platform/worker-handle';

/** Argon2id with the second parameters that RFC 9106 recommends; about a third of a second on two cores of 2024. */
export const currentDerivation = (): KeyDerivation =>
  'WebAssembly' in globalThis
    ? { name: 'argon2id', memoryKib: 65_536, iterations: 3 }
    : { name: 'pbkdf2', iterations: 600_000 };

/**
 * Makes a wrapping key of a passphrase, in a thread of its own that ends with it.
 * Rejects with a `FailureError`: `lock-damaged` for parameters that make no sense, `out-of-memory`, `workers-unavailable`,
 * `part-unreachable`.
 */
export async function passphraseKey(
  passphrase: string,
  salt: Uint8Array<ArrayBuffer>,
  derivation: KeyDerivation,
): Promise<CryptoKey> {
  if (!isSoundDerivation(derivation)) {
    throw new FailureError({ kind: 'lock-damaged', technical: JSON.stringify(derivation) });
  }
  const worker = new WorkerHandle<DerivationApi>({
    start: () => startWorker(passphraseWorkerUrl, 'passphrase'),
    name: 'the passphrase worker',
    crashed: 'workers-unavailable',
  });
  try {
    // The same letters can be typed in more than one way, on other keyboards.
    return await worker.start().derive({ passphrase: passphrase.normalize('NFKC'), salt, derivation });
  } catch (error) {
    throw new FailureError(failureFrom(error, 'out-of-memory'));
  } finally {
    worker.end();
  }
}
