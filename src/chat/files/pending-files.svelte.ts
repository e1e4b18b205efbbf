import type { Attachment, AttachmentId } from '../../shared/domain/attachment';
import { failureFrom } from '../../shared/protocol/failure';
import type { TextEncoding } from '../../shared/domain/text-encoding';
import { loadPart } from '../../ui/load-part';
import { PendingFile } from './pending-file.svelte';

const isPending = ({ state }: PendingFile): boolean => state === 'reading' || state === 'encoding-wanted';

/** More than anybody means to ask about at once; each takes memory and context. */
export const mostFiles = 20;

interface PendingFilesListener {
  /** Other files can be sent than before. */
  changed(): void;
  removed(file: PendingFile): void;
}

/** The files of a question that has not been sent. */
export class PendingFiles {
  #items = $state.raw<readonly PendingFile[]>([]);

  constructor(readonly listener: PendingFilesListener) {}

  get items(): readonly PendingFile[] {
    return this.#items;
  }
  get ready(): readonly PendingFile[] {
    return this.#items.filter(({ state }) => state === 'ready');
  }
  /** Those to be kept with the draft: ready, or waiting for a person to tell their encoding, also while they are read in it. */
  get lasting(): readonly PendingFile[] {
    return this.#items.filter(
      ({ state, kept }) => state === 'ready' || state === 'encoding-wanted' || (state === 'reading' && kept),
    );
  }
  /** Some are not ready, and will be: read, or told their encoding. */
  get pending(): boolean {
    return this.#items.some(isPending);
  }

  /** Takes files and finds their text. @returns how many were left out because there are too many */
  add(files: readonly File[]): number {
    const taken = files.slice(0, Math.max(0, mostFiles - this.#items.length));
    const added = taken.map((file) => new PendingFile(file, file.name));
    this.#items = [...this.#items, ...added];
    for (const pending of added) void this.read(pending);
    return files.length - taken.length;
  }

  /** A long paste, as a file. */
  addText(text: string, name: string): PendingFile {
    const pending = new PendingFile(new Blob([text], { type: 'text/plain' }), name);
    pending.read(text);
    this.#items = [...this.#items, pending];
    this.listener.changed();
    return pending;
  }

  /** Files of a question that is taken back. */
  putBack(files: readonly PendingFile[]): void {
    this.#items = [...this.#items, ...files];
    this.listener.changed();
  }

  /** Those of a draft that was kept. */
  async restore(stored: readonly Attachment[]): Promise<void> {
    const files = await Promise.all(
      stored.map(async ({ id, name, file, text, picture, sound }) => {
        const pending = new PendingFile(file, name, id);
        pending.kept = true;
        if (picture ?? sound) pending.show(file, picture, sound);
        else if (text.size > 0) pending.read(await text.text());
        return pending;
      }),
    );
    this.#items = [...files, ...this.#items];
    // One whose encoding nobody has told yet has no text: reading it finds the encodings to choose from once more.
    for (const pending of files) if (pending.state === 'reading') void this.read(pending);
  }

  remove(id: AttachmentId): void {
    const removed = this.#items.find((item) => item.id === id);
    this.#items = this.#items.filter((item) => item.id !== id);
    if (!removed) return;
    removed.removal.abort();
    this.listener.removed(removed);
    this.listener.changed();
  }

  /** All of them go, and nobody is told. */
  forget(): void {
    this.#items = [];
  }

  /** Those that can be sent; the composer forgets them, and those that could not be read. */
  take(): readonly PendingFile[] {
    const { ready } = this;
    this.#items = this.#items.filter(isPending);
    return ready;
  }

  /** Finds what is in a file; also once more, when what reads it could not be loaded, or in the encoding that a person says it is in. */
  async read(pending: PendingFile, encoding?: TextEncoding): Promise<void> {
    try {
      const { readPending } = await loadPart(() => import('./read-pending'));
      await readPending(pending, encoding);
      if (!pending.failure) this.listener.changed();
    } catch (error) {
      pending.failure = failureFrom(error, 'attachment-unreadable');
      pending.state = 'failed';
    }
  }
}
