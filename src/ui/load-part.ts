/** The one way in which the page loads a part of itself that is not in the first load. */
import { FailureError, type Failure, type FailureKind } from '../shared/protocol/failure';
import { wordsReady } from '../text/word-tables';

/** A host that says nothing for this long is not there, in ms. */
const patienceMs = 5000;

/**
 * Loads a part of the app: `loadPart(() => import('./part'))`, with the words that it shows. No failure is kept: whoever calls
 * again, tries again.
 *
 * Chromium and WebKit fetch a module again that did not come. Firefox remembers for the life of the page that it failed, so the
 * second try, made when the host is known to answer, tells which of both it is.
 * @throws FailureError `part-unreachable`, `part-broken` or `app-outdated`
 */
export async function loadPart<T>(load: () => Promise<T>): Promise<T> {
  try {
    return await withWords(load);
  } catch (error) {
    if (error instanceof FailureError) throw error;
    const host = await askHost();
    if (host === 'silent') throw partFailure('part-unreachable', error);
    if (host === 'newer') throw partFailure('app-outdated', error);
    try {
      await fetchFailed();
      return await withWords(load);
    } catch (again) {
      throw partFailure('part-broken', again);
    }
  }
}

async function withWords<T>(load: () => Promise<T>): Promise<T> {
  const part = await load();
  await wordsReady();
  return part;
}

const partFailure = (kind: FailureKind, error: unknown): FailureError =>
  new FailureError({ kind, technical: String(error) });

/** Whether a failure may be over as soon as the network is back. */
export const mayPass = ({ kind }: Failure): boolean => kind === 'part-unreachable';

const buildIn = (html: string): string | undefined => /<meta name="sotto-build" content="(\w+)"/.exec(html)?.[1];

/** Whether the host answers, and with which version: after an update, the parts of the older one may be gone there. */
async function askHost(): Promise<'silent' | 'same' | 'newer'> {
  const here = document.querySelector<HTMLMetaElement>('meta[name="sotto-build"]')?.content || undefined;
  try {
    const page = await fetch(new URL('./', document.baseURI), {
      cache: 'no-store',
      signal: AbortSignal.timeout(patienceMs),
    });
    const there = page.ok ? buildIn(await page.text()) : undefined;
    // What answers without the name of a build is a captive portal; only in development the page itself has none.
    if (!page.ok || (here !== undefined && there === undefined)) return 'silent';
    return here === there ? 'same' : 'newer';
  } catch {
    return 'silent';
  }
}

/** Addresses of modules that the bundler's links asked for ahead, and that did not come. */
const failedModules = new Set<string>();

globalThis.document?.addEventListener(
  'error',
  ({ target }) => {
    if (!(target instanceof HTMLLinkElement) || !/^(?:stylesheet|modulepreload)$/.test(target.rel)) return;
    if (target.rel === 'modulepreload') failedModules.add(target.href);
    // It would be taken for one that is here: the part would be drawn without its styles.
    target.remove();
  },
  true,
);

/** WebKit answers every import from a failed link, also after a reload, until the address is fetched in another way. */
async function fetchFailed(): Promise<void> {
  for (const address of failedModules) {
    await (await fetch(address)).arrayBuffer();
    failedModules.delete(address);
  }
}
