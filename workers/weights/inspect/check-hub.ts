/** Whether a host can deliver models: asked when a person names it, so that it is not found out gigabytes later. */
import { type Failure, FailureError } from '../../../src/shared/protocol/failure';
import { hubFileUrl, type ModelHub } from '../../../src/shared/domain/model-hub';
import type { HubCheck, WeightsFile } from '../../../src/shared/protocol/weights';
import { RangesIgnored } from '../download/passing-trouble';
import { fetchPart } from '../download/ranged-fetch';
import { readHubRepository } from './hub-repository';
import { findLibrary, placesOf } from './library-place';
import { type Look, unlessSilent, withFewTries } from './look';

/** @throws the reason of the look's signal */
export async function checkHub(
  hub: ModelHub,
  { repository, libraryUrl }: { readonly repository: string; readonly libraryUrl: string },
  look: Look,
): Promise<HubCheck> {
  let files: readonly WeightsFile[] = [];
  let commit = 'main';
  const listing = await failureOf(async () => {
    ({ files, commit } = await readHubRepository(hub, repository, 'main', look));
  });
  // Nobody else is asked: a person has named this host, and no other.
  const places = placesOf(libraryUrl, hub).slice(0, 1);
  const library = await failureOf(() => findLibrary(libraryUrl, files, hub, look, places));
  const shard = files.find(({ path, bytes }) => path.endsWith('.bin') && bytes > 1);
  let ignored = false;
  const partFailure = shard
    ? await failureOf(async () => {
        ignored = !(await sendsParts(hubFileUrl(hub, repository, commit, shard.path), shard, look));
      })
    : listing;
  const ranges = ignored ? 'ignored' : partFailure;
  return { listing, ranges, library, repository };
}

/** The second byte: a host that ignores ranges sends the first. */
const sendsParts = (url: string, { path, bytes }: WeightsFile, look: Look): Promise<boolean> =>
  withFewTries(look, () =>
    unlessSilent(look, url, async (signal) => {
      try {
        const { body } = await fetchPart({ url, path, start: 1, end: 2, total: bytes, signal });
        void body.cancel().catch(() => {});
        return true;
      } catch (error) {
        if (error instanceof RangesIgnored) return false;
        throw error;
      }
    }),
  );

async function failureOf(work: () => Promise<unknown>): Promise<Failure | null> {
  try {
    await work();
    return null;
  } catch (error) {
    if (error instanceof FailureError) return error.failure;
    throw error;
  }
}
