/** Asks a model host for what the catalogue's models need of it. */
import type { Result } from '../contracts/failure';
import type { HubCheck } from '../contracts/weights';
import { entries } from './catalogue/catalogue-data';
import type { WeightsClient } from './weights-client';

/** The first MLC model: only those need all three, a list of files, parts of files, and a compiled library. */
export function checkHub(weights: WeightsClient, hubUrl: string): Promise<Result<HubCheck>> | null {
  for (const { repository, libraryUrl } of entries)
    if (libraryUrl !== undefined) return weights.call((api) => api.checkHub(hubUrl, { repository, libraryUrl }));
  return null;
}
