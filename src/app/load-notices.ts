/** What the last visit left to tell of models: a load that ended the page, and libraries that this version cannot use. */
import { EngineLock } from '../engine/engine-lock';
import { crashedLoads, runningLoads } from '../engine/device-memory';
import { libraryState } from '../models/load/model-library';
import type { ModelShelf } from '../models/shelf/model-shelf.svelte';
import { m } from '../text/paraglide/messages.js';
import type { Notices } from './notices.svelte';

/** Comes after the store has been read; not part of the first load, since there is seldom anything to tell. */
export async function tellOfLoads(shelf: ModelShelf, notices: Notices, goToModels: () => void): Promise<void> {
  const action = { label: m.load_see_models(), run: goToModels };
  for (const { name } of await crashedNow()) notices.show({ text: m.load_crashed_notice({ name }), action });
  const outdated = shelf.stored.find(
    ({ manifest, state }) => state === 'ready' && libraryState(manifest, []).kind === 'outdated',
  );
  if (outdated) notices.show({ text: m.load_library_notice({ name: outdated.manifest.name }), action });
}

/** Loads whose mark was never taken away, though no tab is loading: their page has not ended as pages do. */
async function crashedNow(): Promise<readonly { readonly name: string }[]> {
  const marks = Object.entries(runningLoads.all());
  if (marks.length === 0 || (await EngineLock.isTaken())) return [];
  for (const [id, mark] of marks) {
    crashedLoads.set(id, mark);
    runningLoads.delete(id);
  }
  return marks.map(([, mark]) => mark);
}
