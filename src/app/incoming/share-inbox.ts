/** Takes what the service worker has kept of a share. */
import { inboxCacheName, type SharedItems } from '../../shared/protocol/app-release';

const scope = new URL('./', document.baseURI).href;

export interface Shared {
  readonly texts: readonly string[];
  readonly files: readonly File[];
}

/**
 * Takes one share out of the inbox, with everything older: what a page that died had not taken yet.
 * @returns null when there is nothing
 */
export async function takeShared(): Promise<Shared | null> {
  const name = inboxCacheName(scope);
  if (!('caches' in globalThis) || !(await caches.has(name))) return null;
  const inbox = await caches.open(name);
  const texts: string[] = [];
  const files: File[] = [];
  for (const request of await inbox.keys()) {
    // Only lists; the files are found through them.
    if (!/\/inbox\/[\w-]+$/.test(request.url)) continue;
    const list = await inbox.match(request);
    // Two tabs may look at once: only the one that deletes it has it.
    if (!list || !(await inbox.delete(request))) continue;
    const items = (await list.json()) as SharedItems;
    texts.push(items.title, items.text, items.url);
    for (const { name: fileName, type, address } of items.files) {
      const blob = await (await inbox.match(address))?.blob();
      if (blob) files.push(new File([blob], fileName, { type }));
      await inbox.delete(address);
    }
  }
  return texts.length + files.length === 0 ? null : { texts, files };
}
