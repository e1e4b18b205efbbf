import { type Failure, FailureError, failureFrom } from '../../../src/shared/protocol/failure';

/**
 * The one place that names what a database said. A full disk shows itself in three ways: as an exception of `put`, as an
 * aborted transaction, or as a failed request; the name is the same in all of them.
 * @param neededBytes what was still to be written, for the words
 */
export async function storeFailure(error: unknown, neededBytes?: number): Promise<Failure> {
  if (error instanceof FailureError) return error.failure;
  const technical = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  if (!(error instanceof DOMException)) return failureFrom(error);
  if (error.name === 'QuotaExceededError') {
    const availableBytes = await estimatedFreeBytes();
    return {
      kind: 'weights-storage-full',
      technical,
      ...(neededBytes !== undefined && availableBytes !== null && { numbers: { neededBytes, availableBytes } }),
    };
  }
  return { kind: isUnreachable(error) ? 'weights-unavailable' : 'weights-storage-failed', technical };
}

/** A connection that is closed, a database that is gone, a browser that refuses both. */
const isUnreachable = ({ name }: DOMException): boolean =>
  name === 'InvalidStateError' || name === 'NotFoundError' || name === 'SecurityError';

/** What the browser says is left for this site, in bytes; null where it does not tell. An estimate: only a write knows. */
export async function estimatedFreeBytes(): Promise<number | null> {
  const { quota, usage } = (await navigator.storage?.estimate?.().catch(() => undefined)) ?? {};
  return quota === undefined || usage === undefined ? null : Math.max(0, quota - usage);
}
