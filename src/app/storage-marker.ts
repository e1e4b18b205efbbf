/**
 * Notices that the browser has deleted what Sotto kept. The same mark lies in the database and in local storage, which
 * browsers clear apart from each other: when only the second is left, the first was deleted, and not by Sotto.
 */
import { withDatabase } from '../shared/platform/database-connection';
import { keepText, keptText } from '../ui/local-text';
import { ledgerDatabase } from '../shared/platform/request-log';

const storageKey = 'sotto.kept';
const noteKey = 'id';

/** What there was when somebody last looked. */
export interface Kept {
  readonly chats: number;
  readonly models: number;
}

interface Mark extends Kept {
  readonly id: string;
}

function readMark(): Mark | null {
  try {
    const value = JSON.parse(keptText(storageKey) ?? 'null') as Partial<Mark> | null;
    if (typeof value?.id !== 'string') return null;
    return { id: value.id, chats: Number(value.chats) || 0, models: Number(value.models) || 0 };
  } catch {
    return null;
  }
}

/** Where it cannot be kept, nothing can be noticed, and nothing is lost by that. */
const writeMark = (mark: Mark): void => keepText(storageKey, JSON.stringify(mark));

export class StorageMarker {
  #id: string | null = null;

  /** Called once, at the start. @returns what was lost; null when nothing was */
  async look(): Promise<Kept | null> {
    const mark = readMark();
    try {
      this.#id = await withDatabase(ledgerDatabase, async (database) => {
        const stored = await database.get('notes', noteKey);
        const id = stored ?? crypto.randomUUID();
        if (stored === undefined) await database.put('notes', id, noteKey);
        return id;
      });
    } catch {
      return null;
    }
    const lost = mark !== null && mark.id !== this.#id && mark.chats + mark.models > 0;
    if (mark?.id !== this.#id) writeMark({ id: this.#id, chats: 0, models: 0 });
    return lost ? { chats: mark.chats, models: mark.models } : null;
  }

  /**
   * Remembers what there is now. Not where the browser has deleted everything under the open page: then what there was before
   * is told at the next start.
   */
  async note(kept: Kept): Promise<void> {
    if (this.#id !== null && (await storedId().catch(() => undefined)) === this.#id)
      writeMark({ id: this.#id, ...kept });
  }
}

const storedId = (): Promise<string | undefined> =>
  withDatabase(ledgerDatabase, (database) => database.get('notes', noteKey));
