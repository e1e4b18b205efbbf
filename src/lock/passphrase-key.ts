import passphraseWorkerUrl from '../../workers/passphrase.worker.ts?worker&url';
import { FailureError } from '../shared/protocol/failure';
import type { KeyDerivation } from '../shared/domain/lock';
import { isSoundDerivation, type DerivationReply, type DerivationRequest } from '../shared/protocol/key-derivation';
import { startWorker } from '../shared/platform/trusted-worker';

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
  let worker: Worker;
  try {
    worker = startWorker(passphraseWorkerUrl, 'passphrase');
  } catch (error) {
    throw new FailureError({ kind: 'workers-unavailable', technical: String(error) });
  }
  try {
    const reply = await new Promise<DerivationReply>((resolve, reject) => {
      worker.onmessage = ({ data }: MessageEvent<DerivationReply>) => resolve(data);
      worker.onerror = ({ message }) =>
        reject(
          new FailureError(
            message
              ? { kind: 'workers-unavailable', technical: message }
              : // An event without words: its script did not arrive.
                { kind: 'part-unreachable', technical: 'the script of the passphrase worker could not be loaded' },
          ),
        );
      // The same letters can be typed in more than one way, on other keyboards.
      worker.postMessage({ passphrase: passphrase.normalize('NFKC'), salt, derivation } satisfies DerivationRequest);
    });
    if ('key' in reply) return reply.key;
    throw new FailureError({ kind: 'out-of-memory', technical: reply.technical });
  } finally {
    worker.terminate();
  }
}
