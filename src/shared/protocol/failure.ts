/**
 * Every way in which Sotto can fail, as data.
 *
 * Failures cross thread boundaries, where exceptions lose everything but name, message and stack. So workers return these
 * instead of throwing, and `text/failure-text.ts` is the one place that turns a kind into words and a next step.
 */
export const failureKinds = [
  'file-not-gguf',
  'file-truncated',
  'file-missing',
  'model-unknown-architecture',
  /** The model's chat template has an error, or fails for every conversation. */
  'model-template-broken',
  /** What stands beside the weights is missing, contradicts itself, or is of a kind that the engine does not read. */
  'model-config-broken',
  /** What the model computes is NaN or infinite, as with broken scales in the file. Nothing can be chosen by such numbers. */
  'model-not-finite',
  /** The loaded model's engine turns no texts into vectors. */
  'embedding-unsupported',
  /** The loaded model takes no pictures. */
  'model-cannot-see',
  /** The loaded model takes no sounds. */
  'model-cannot-hear',
  /** The file for pictures or sounds beside a model (its `mmproj`) is of another model, or the engine does not know its kind. */
  'projector-mismatch',
  /** A file for pictures or sounds was given without its model. */
  'projector-alone',
  /** A picture that cannot be shown or read: damaged, or of a kind that this browser does not know. */
  'picture-unreadable',
  /** A picture of a phone, of a kind (HEIC, HEIF) that this browser does not know. */
  'picture-heic',
  /** A kind of picture that is refused, because it is a program (SVG). */
  'picture-refused',
  /** More pixels than a page should take into memory. */
  'picture-too-large',
  /** A sound that cannot be read: damaged, or of a kind that this browser does not know. */
  'sound-unreadable',
  /** Longer than a model here can take in. */
  'sound-too-long',
  /** The person, their browser or the system does not let the page use the microphone, or the camera. */
  'microphone-refused',
  /** There is none. */
  'microphone-missing',
  /** It was taken away, or another program has it. What was heard until then is kept. */
  'microphone-lost',
  /** The browser lacks what sound from a microphone is taken with (AudioWorklet). */
  'dictation-unsupported',
  /** A file of a collection cannot be read: damaged, or of a kind from which no text is taken. */
  'document-unreadable',
  /** It unpacks to far more than a document can be. */
  'document-too-large',
  'model-too-large',
  /** The weights are more than the build of llama.cpp for this browser takes, whatever memory there is. */
  'weights-too-large',
  'model-not-loaded',
  'out-of-memory',
  /** The browser has no WebGPU, or found no GPU that it may use. */
  'gpu-missing',
  /** The model computes in 16 bits, which this GPU or browser cannot (`shader-f16`). */
  'gpu-lacks-f16',
  /** The GPU allows less than the engine or the model demands. */
  'gpu-limits',
  'gpu-out-of-memory',
  /** The browser or the driver took the GPU away. */
  'gpu-lost',
  /** The GPU was given work and does not come back. */
  'gpu-hung',
  /** The GPU computes, but not what it should: the known answer came out as rubbish. */
  'gpu-wrong-answers',
  /** The compiled model library does not go with this version of the engine, or with the weights. */
  'library-mismatch',
  /** The library at an address is not the one that was first used from there. It is code: a change has to be agreed to. */
  'library-changed',
  /** The library is neither at the model host nor where it was published. */
  'library-unreachable',
  /** MLC weights came without their compiled library. */
  'library-missing',
  /** The JSON Schema for the answer's form cannot be used. */
  'schema-invalid',
  /** Another tab has a large model loaded: two would take the memory twice. */
  'engine-elsewhere',
  'context-exceeded',
  'request-invalid',
  'engine-crashed',
  'engine-busy',
  'engine-unresponsive',
  /** Not an error: the person ended a load. Generations that are stopped finish with the reason `cancelled` instead. */
  'cancelled',
  'workers-unavailable',
  /** The browser has no WebAssembly, or was told to have none. */
  'wasm-unsupported',
  /** Its WebAssembly lacks what the engine uses. */
  'browser-outdated',
  /** What arrived is not the engine, or only a part of it. */
  'engine-damaged',
  /** Its two halves, script and binary, are of different versions. */
  'engine-version-mismatch',
  /** What older versions called `part-unreachable`. Failures that they have stored beside messages and models may say so. */
  'network-unreachable',
  /** A host of models does not answer, or breaks off: it may be away, blocked, or the network is. */
  'host-unreachable',
  /** A host of models answers with an error of its own. */
  'host-down',
  /** A host of models asks to be left alone for a while. */
  'host-busy',
  /** A part of the app that is fetched when it is first needed did not arrive. */
  'part-unreachable',
  /** It did not arrive although the host answers, or what arrived is not it. */
  'part-broken',
  /** The host has a newer version of the app by now; the parts of this one may be gone there. */
  'app-outdated',
  /** What arrived has another checksum than it should, twice. */
  'download-wrong',
  /** The host says that there is nothing at this address (any more). */
  'download-not-found',
  /** The host asks for a login, or for terms to be accepted. */
  'download-forbidden',
  /** A web page or an error text came instead of the file, or a file of another length: a captive portal, a wrong link. */
  'download-not-weights',
  /** A folder or repository of weights lacks files without which they cannot be used. */
  'weights-lacking',
  /** The file at the address is no longer the one whose first part is here. */
  'download-changed',
  /** Not an address of a model, as far as can be told. */
  'address-not-understood',
  /** The security policy of this build does not allow the host. */
  'host-not-allowed',
  /** The host of models that is set has no search that Sotto knows. */
  'search-unavailable',
  /** The security policy of this build does not allow this server. */
  'server-not-allowed',
  /** The person, or their browser, does not let this page reach the local network. */
  'server-permission',
  /** Nothing answers at the address of a server; or it lets no page read its answers, which a browser tells nobody. */
  'server-unreachable',
  /** Something answers there, and does not let this page read it (CORS). */
  'server-shut',
  /** It wants a key, or another one. */
  'server-key',
  /** It does not have the model (any more). */
  'server-lacks-model',
  /** It answers with an error of its own. */
  'server-error',
  /** It asks to be left alone for a while. */
  'server-busy',
  /** What it answers is not what such servers answer: a web page, a redirect to elsewhere, something without an end. */
  'server-not-understood',
  /** The chat, or all of the app, is to use models of this device only. */
  'server-unwanted',
  /** Its answer broke off. What had come is kept. */
  'server-broke-off',
  'weights-storage-full',
  /** The database of the weights cannot be opened, or was closed or deleted. */
  'weights-unavailable',
  /** A read or a write of it failed, for a reason that only the browser knows. */
  'weights-storage-failed',
  /** A stored file cannot be read, or is not what it was. */
  'weights-damaged',
  /** The model is not, or not wholly, on this device. */
  'weights-incomplete',
  'storage-unavailable',
  'storage-full',
  'storage-blocked',
  /** A newer version of the app has upgraded the database; this tab still runs the older one. */
  'storage-outdated',
  /** Chats are locked, and this tab has not been unlocked. */
  'storage-locked',
  /** A sealed record is not what was stored: damaged, exchanged, or sealed with another key. */
  'record-unreadable',
  'passphrase-wrong',
  /** The browser's dialog was closed, or the passkey is not there. */
  'passkey-refused',
  /** The passkey cannot give a key (no PRF). */
  'passkey-unable',
  /** What is stored of the lock cannot be understood. */
  'lock-damaged',
  'conversation-busy',
  /** The conversation on the screen is no longer in the store. */
  'conversation-gone',
  /** The persona of a chat, or the defaults for all, are stored but could not be read. */
  'settings-unreadable',
  'import-unreadable',
  /** A file for a question: no text in it, as in a program or a picture. */
  'attachment-binary',
  'attachment-too-large',
  /** A PDF that opens with a password only. */
  'attachment-encrypted',
  /** A PDF of pictures of pages. */
  'attachment-no-text',
  /** Text in an encoding that is none of those we know. */
  'attachment-encoding',
  'attachment-unreadable',
  /** The browser's clock is too coarse, or runs backwards. */
  'benchmark-clock',
  /** Another tab measures: two at once would measure each other. */
  'benchmark-elsewhere',
  /** Not a result of a benchmark, as far as can be told. */
  'result-unreadable',
  /** Of a version of the layout that this app does not know. */
  'result-newer',
  /** No room, or no storage at all. What is on the screen stays there. */
  'result-not-kept',
  /** Another tab runs the Lab: there is one engine. */
  'lab-elsewhere',
  /** No export of the Lab's results, as far as can be told. */
  'lab-results-unreadable',
  /** Of a version of their layout that this app does not know. */
  'lab-results-newer',
  /** Of other cases than those of the set that they were read for. */
  'lab-results-other-set',
  'persona-file-unreadable',
  /** Nothing in it that a model could be asked, or a fault by which the rest cannot be read. */
  'lab-set-unreadable',
  'lab-set-too-large',
  /** Of a version of our own format that this app does not know. */
  'lab-set-newer',
  'unexpected',
] as const;

export type FailureKind = (typeof failureKinds)[number];

/** After these the engine worker is replaced: what is left in it cannot be trusted, and the GPU's memory is given back. */
export const endsEngine: ReadonlySet<FailureKind> = new Set<FailureKind>(['gpu-out-of-memory', 'gpu-lost', 'gpu-hung']);

export interface Failure {
  readonly kind: FailureKind;
  /** What the failing part said, for a bug report; never shown without being asked for. */
  readonly technical: string;
  /** Figures that make the words exact, where they are known. */
  readonly numbers?: {
    readonly promptTokens?: number;
    readonly contextTokens?: number;
    readonly neededBytes?: number;
    readonly availableBytes?: number;
    /** Milliseconds since 1970: when a host allows the next request. */
    readonly retryAt?: number;
    /** How long a sound may be. */
    readonly mostSeconds?: number;
    /** Of a PDF without text. */
    readonly pages?: number;
  };
  /** The file, host or address that the words should name. */
  readonly subject?: string;
}

/** The outcome of a call that may fail in a foreseen way. */
export type Result<T> = { readonly ok: true; readonly value: T } | Failed;

export interface Failed {
  readonly ok: false;
  readonly failure: Failure;
}

export const failed = (kind: FailureKind, technical: string, more?: Pick<Failure, 'numbers' | 'subject'>): Failed => ({
  ok: false,
  failure: { kind, technical, ...more },
});

/** Carries a `Failure` through code of one thread; it never crosses a thread boundary itself. */
export class FailureError extends Error {
  override readonly name = 'FailureError';
  constructor(readonly failure: Failure) {
    super(`${failure.kind}: ${failure.technical}`);
  }
}

/** The failure inside `error`, or an `unexpected` one that keeps its text. */
export function failureFrom(error: unknown, kind: FailureKind = 'unexpected'): Failure {
  if (error instanceof FailureError) return error.failure;
  return { kind, technical: error instanceof Error ? `${error.name}: ${error.message}` : String(error) };
}
