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
  'model-too-large',
  'model-not-loaded',
  'out-of-memory',
  'context-exceeded',
  'request-invalid',
  'engine-crashed',
  'engine-busy',
  'engine-unresponsive',
  /** Not an error: the person ended a load. Generations that are stopped finish with the reason `cancelled` instead. */
  'cancelled',
  'workers-unavailable',
  'wasm-unsupported',
  'network-unreachable',
  'download-wrong',
  'storage-unavailable',
  'storage-full',
  'storage-blocked',
  'conversation-busy',
  'import-unreadable',
  'unexpected',
] as const;

export type FailureKind = (typeof failureKinds)[number];

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
  };
}

/** The outcome of a call that may fail in a foreseen way. */
export type Result<T> = { readonly ok: true; readonly value: T } | Failed;

export interface Failed {
  readonly ok: false;
  readonly failure: Failure;
}

export const failed = (kind: FailureKind, technical: string): Failed => ({ ok: false, failure: { kind, technical } });

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
