/** Asks a model host for what the catalog's models need of it. */
import { failed, type Result } from '../../shared/protocol/failure';
import type { HubCheck, WeightsApi } from '../../shared/protocol/weights';
import { entries } from '../catalog/catalog-data';
import type { WeightsClient } from '../shelf/weights-client';

/** The first MLC model: only those need all three, a list of files, parts of files, and a compiled library. */
function sample(): Parameters<WeightsApi['checkHub']>[1] | null {
  for (const { repository, libraryUrl } of entries) if (libraryUrl !== undefined) return { repository, libraryUrl };
  return null;
}

/** Ends with `cancelled` when `signal` says so. @returns null where there is nothing to ask for */
export async function checkHub(
  weights: WeightsClient,
  hubUrl: string,
  signal: AbortSignal,
): Promise<Result<HubCheck> | null> {
  const wanted = sample();
  if (wanted === null) return null;
  if (signal.aborted) return failed('cancelled', 'the check was cancelled');
  const id = crypto.randomUUID();
  const cancel = (): void => {
    void weights.call(async (api) => {
      await api.cancelInspection(id);
      return { ok: true, value: null };
    });
  };
  signal.addEventListener('abort', cancel);
  try {
    return await weights.call((api) => api.checkHub(hubUrl, wanted, id));
  } finally {
    signal.removeEventListener('abort', cancel);
  }
}
