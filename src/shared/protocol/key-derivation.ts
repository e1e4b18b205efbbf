/** What the page and the thread that makes a key of a passphrase say to each other. */
import type { KeyDerivation } from '../domain/lock';

export interface DerivationRequest {
  readonly passphrase: string;
  readonly salt: Uint8Array<ArrayBuffer>;
  readonly derivation: KeyDerivation;
}

export interface DerivationApi {
  /** The key wraps and unwraps, and cannot be exported. */
  derive(request: DerivationRequest): Promise<CryptoKey>;
}

/** A stored figure beyond these was not written by Sotto: it would only keep the device busy. */
export function isSoundDerivation(derivation: KeyDerivation): boolean {
  const { iterations } = derivation;
  if (derivation.name === 'pbkdf2') return iterations >= 100_000 && iterations <= 10_000_000;
  return derivation.name === 'argon2id' && derivation.memoryKib <= 1_048_576 && iterations >= 1 && iterations <= 20;
}
