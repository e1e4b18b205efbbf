import { guide } from './guide';

const storageKey = 'sotto.model';

/** The id of the model that was chosen last; null for the Guide, which needs no remembering. */
export function rememberedModel(): string | null {
  try {
    return localStorage.getItem(storageKey);
  } catch {
    return null;
  }
}

export function rememberModel(id: string): void {
  try {
    if (id === guide.id) localStorage.removeItem(storageKey);
    else localStorage.setItem(storageKey, id);
  } catch {
    // The next visit begins with the Guide.
  }
}
