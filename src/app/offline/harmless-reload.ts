/** Reloading is harmless only where a person loses nothing by it: not a word typed, not a dialog in hand, not a place in a text. */

const carriedKey = 'sotto.carried';
const isolationKey = 'sotto.isolation-tried';

/** Whether nothing is open or typed on the page. @param draft of the composer, which is carried over */
export function nothingInHand(draft: string): boolean {
  const fields = [...document.querySelectorAll<HTMLInputElement | HTMLTextAreaElement>('textarea, input')];
  const typed = fields.some(
    (field) =>
      !/^(radio|checkbox|range|file)$/.test(field.type) && field.value !== field.defaultValue && field.value !== draft,
  );
  return !typed && document.querySelector('[role="dialog"], [role="alertdialog"], [role="menu"]') === null;
}

/** Reloads, and lets the page that follows find the draft again. */
export function reloadCarrying(draft: string): void {
  try {
    if (draft !== '') sessionStorage.setItem(carriedKey, draft);
  } catch {
    // Then it must not be lost: no reload.
    if (draft !== '') return;
  }
  location.reload();
}

/** The draft that was carried over a reload, once. */
export function carriedDraft(): string {
  try {
    const draft = sessionStorage.getItem(carriedKey) ?? '';
    sessionStorage.removeItem(carriedKey);
    return draft;
  } catch {
    return '';
  }
}

/** @returns whether anybody has touched the page since this was called */
export function watchTouch(): () => boolean {
  let touched = false;
  for (const type of ['pointerdown', 'keydown', 'wheel'])
    addEventListener(type, () => (touched = true), { once: true, passive: true, capture: true });
  return () => touched;
}

/**
 * Reloads a page that the host sent without the isolation headers, now that the service worker adds them: then models can use
 * several threads. Tried once in a tab, since a browser where it does not work would reload for ever.
 */
export function reloadForIsolation(isTouched: () => boolean, isHarmless: () => boolean): void {
  if (crossOriginIsolated || !navigator.serviceWorker.controller || !isFirstTry()) return;
  const tryNow = (): void => {
    // Somebody who has begun to use the page is not interrupted; when it is hidden, nobody sees it.
    const unseen = document.visibilityState === 'hidden' || !isTouched();
    if (!unseen || !isHarmless()) return;
    document.removeEventListener('visibilitychange', tryNow);
    if (noteTry()) location.reload();
  };
  document.addEventListener('visibilitychange', tryNow);
  tryNow();
}

function isFirstTry(): boolean {
  try {
    return sessionStorage.getItem(isolationKey) === null;
  } catch {
    return false;
  }
}

function noteTry(): boolean {
  try {
    sessionStorage.setItem(isolationKey, 'yes');
    return true;
  } catch {
    return false;
  }
}
