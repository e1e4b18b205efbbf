/**
 * Local storage, for small choices. Some private modes throw at its mere touch, and it may be full or turned off: then a choice
 * lasts as long as the visit.
 */

export function keptText(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

/** @param text null for what needs no remembering */
export function keepText(key: string, text: string | null): void {
  try {
    if (text === null) localStorage.removeItem(key);
    else localStorage.setItem(key, text);
  } catch {
    // For this visit, then.
  }
}
