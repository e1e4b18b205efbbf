import { loadWords } from '../text/word-tables';
import { getLocale } from '../text/paraglide/runtime.js';
import { loadPart } from '../ui/load-part';
import type { OtherScreenName } from './router.svelte';

/** How long a screen that does not come holds up what goes on beside it, in ms. */
const patienceMs = 5000;

/**
 * What each screen consists of, the parts of its parts included. Each part asks for the next only when it has arrived: on a
 * slow line, a screen that was opened by its address took four rounds to come. What the build puts into one file with another
 * part (`tools/build/page-chunks.ts`) need not be named.
 */
const partsOf: Readonly<Record<OtherScreenName, () => readonly Promise<unknown>[]>> = {
  models: () => [
    loadPart(() => import('../models/ModelsScreen.svelte')),
    loadPart(() => import('../models/catalog/catalog-data')),
    loadPart(() => import('../servers/ServersSection.svelte')),
    loadPart(() => import('./make-servers')),
  ],
  documents: () => [
    loadPart(() => import('../documents/DocumentsScreen.svelte')),
    loadPart(() => import('./make-documents')),
  ],
  benchmark: () => [
    loadPart(() => import('../benchmark/BenchmarkScreen.svelte')),
    loadPart(() => import('./make-benchmark')),
    loadPart(() => import('../chat/markdown/MarkdownText.svelte')),
  ],
  lab: () => [loadPart(() => import('../lab/LabScreen.svelte'))],
  privacy: () => [loadPart(() => import('../privacy/PrivacyScreen.svelte')), loadPart(() => import('./make-servers'))],
  settings: () => [
    loadPart(() => import('../settings/SettingsScreen.svelte')),
    loadPart(() => import('../settings/personas/personas.svelte')),
  ],
};

/**
 * Loads a screen with all that it consists of and its words, in one round. Nothing is said of a failure: the screen itself asks
 * for its parts again, and says so. Never rejects.
 */
export async function prepareScreen(screen: OtherScreenName): Promise<void> {
  const words = (['soon', 'rest'] as const).map((part) => loadWords(getLocale(), part));
  const parts = Promise.all([...words, loadPart(() => import('./OtherScreen.svelte')), ...partsOf[screen]()]);
  const late = new Promise((resolve) => setTimeout(resolve, patienceMs));
  await Promise.race([parts, late]).catch(() => {});
}
