/**
 * Everything is deleted by a page on which nothing else runs: code that goes on working would write again what has just been
 * deleted. This tells that page from the app. It is written by a click only, so no link can bring it about.
 */

import { deletionChannelName } from '../shared/platform/deletion-channel';

const markKey = 'sotto.deletion';

/** `here`: a person asked for it in this tab. `elsewhere`: another tab has done it. */
export type DeletionMode = 'here' | 'elsewhere';

export function deletionMode(): DeletionMode | null {
  try {
    const mark = sessionStorage.getItem(markKey);
    return mark === 'here' || mark === 'elsewhere' ? mark : null;
  } catch {
    return null;
  }
}

function leaveApp(mode: DeletionMode): void {
  sessionStorage.setItem(markKey, mode);
  history.replaceState(null, '', location.pathname);
  location.reload();
}

/** Ends the app in this tab; the page that follows deletes everything. @throws where the browser refuses storage */
export const beginDeletion = (): void => leaveApp('here');

/** Other tabs must not write any more. */
export function tellOtherTabs(): void {
  if ('BroadcastChannel' in globalThis) new BroadcastChannel(deletionChannelName).postMessage('deleting');
}

/** Ends the app in this tab, too, when another one deletes everything. */
export function leaveWhenDeleted(): void {
  if (!('BroadcastChannel' in globalThis)) return;
  new BroadcastChannel(deletionChannelName).onmessage = (): void => leaveApp('elsewhere');
}

/** Back to the app, as on the first visit. */
export function startAfresh(): void {
  sessionStorage.removeItem(markKey);
  location.reload();
}
