/** A key from a passkey: the PRF extension of WebAuthn gives the same secret for the same question, after asking the person. */
import { FailureError } from '../shared/protocol/failure';
import { m } from '../text/paraglide/messages.js';

/** The browser has its own limit; this one is for dialogs that never come back, in ms. */
const patienceMs = 120_000;

interface PrfResults {
  readonly prf?: { readonly enabled?: boolean; readonly results?: { readonly first?: BufferSource } };
}

interface Capabilities {
  readonly getClientCapabilities?: () => Promise<Readonly<Record<string, boolean>>>;
}

/** Whether this browser may have passkeys that give keys. Whether one does shows only when it is made. */
export async function passkeysWork(): Promise<boolean> {
  if (!('PublicKeyCredential' in globalThis) || !isSecureContext) return false;
  const capabilities = await (PublicKeyCredential as Capabilities).getClientCapabilities?.().catch(() => undefined);
  return capabilities?.['extension:prf'] ?? true;
}

const prf = (salt: Uint8Array<ArrayBuffer>): object => ({ prf: { eval: { first: salt } } });

// Nobody checks a signature: the passkey is asked for its secret, not for who somebody is.
const challenge = (): Uint8Array<ArrayBuffer> => crypto.getRandomValues(new Uint8Array(32));

async function keyFrom(secret: BufferSource): Promise<CryptoKey> {
  const material = await crypto.subtle.importKey('raw', secret, 'HKDF', false, ['deriveKey']);
  const info = new TextEncoder().encode('data key of chats, version 1');
  return crypto.subtle.deriveKey(
    { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(32), info },
    material,
    { name: 'AES-GCM', length: 256 },
    false,
    ['wrapKey', 'unwrapKey'],
  );
}

async function asked<T>(work: () => Promise<T | null>): Promise<T> {
  try {
    const credential = await work();
    if (credential !== null) return credential;
  } catch (error) {
    throw new FailureError({ kind: 'passkey-refused', technical: String(error) });
  }
  throw new FailureError({ kind: 'passkey-refused', technical: 'no credential' });
}

const resultsOf = (credential: Credential): PrfResults =>
  (credential as PublicKeyCredential).getClientExtensionResults() as PrfResults;

/** Rejects with a `FailureError` of the kind `passkey-refused` or `passkey-unable`. */
export async function createPasskey(
  salt: Uint8Array<ArrayBuffer>,
): Promise<{ readonly credentialId: Uint8Array<ArrayBuffer>; readonly wrappingKey: CryptoKey }> {
  const credential = await asked(() =>
    navigator.credentials.create({
      publicKey: {
        rp: { name: m.app_name() },
        user: { id: challenge().slice(0, 16), name: m.app_name(), displayName: m.app_name() },
        challenge: challenge(),
        pubKeyCredParams: [-7, -8, -257].map((alg) => ({ type: 'public-key' as const, alg })),
        authenticatorSelection: { residentKey: 'preferred', userVerification: 'required' },
        attestation: 'none',
        timeout: patienceMs,
        extensions: prf(salt),
      },
    }),
  );
  const { prf: outcome } = resultsOf(credential);
  const credentialId = new Uint8Array((credential as PublicKeyCredential).rawId);
  // Many give the secret only when they are asked a second time.
  if (outcome?.results?.first) return { credentialId, wrappingKey: await keyFrom(outcome.results.first) };
  if (outcome?.enabled !== true) throw new FailureError({ kind: 'passkey-unable', technical: 'no PRF' });
  return { credentialId, wrappingKey: await askPasskey(credentialId, salt) };
}

/** Rejects with a `FailureError` of the kind `passkey-refused` or `passkey-unable`. */
export async function askPasskey(
  credentialId: Uint8Array<ArrayBuffer>,
  salt: Uint8Array<ArrayBuffer>,
): Promise<CryptoKey> {
  const credential = await asked(() =>
    navigator.credentials.get({
      publicKey: {
        challenge: challenge(),
        allowCredentials: [{ type: 'public-key', id: credentialId }],
        userVerification: 'required',
        timeout: patienceMs,
        extensions: prf(salt),
      },
    }),
  );
  const secret = resultsOf(credential).prf?.results?.first;
  if (!secret) throw new FailureError({ kind: 'passkey-unable', technical: 'no PRF' });
  return keyFrom(secret);
}
