/** What a person does with collections and documents, with what is said of it. Every loss has a way back. */
import type { Collection, CollectionDocument, CollectionId } from '../shared/domain/collection';
import { FailureError, type Result } from '../shared/protocol/failure';
import { m } from '../text/paraglide/messages.js';
import type { Attempt } from '../ui/attempt';
import { saveFile } from '../ui/save-file';
import type { CollectionsApi } from './documents-api';

export type Notify = (notice: {
  readonly text: string;
  readonly action?: { readonly label: string; readonly run: () => void };
}) => void;

/** @throws FailureError, which is told by whoever attempts it */
function valueOf<T>(result: Result<T>): T {
  if (!result.ok) throw new FailureError(result.failure);
  return result.value;
}

/** "report" for "report.pdf". */
const nameFrom = (file: File | undefined): string => file?.name.replace(/\.[^.]{1,10}$/, '').trim() || m.docs_unnamed();

/** Characters that no file system takes in a name. */
const fileName = (name: string): string => name.replace(/[\\/:*?"<>|\p{Cc}]+/gu, ' ').trim() || 'documents';

export class DocumentActions {
  constructor(
    private readonly collections: CollectionsApi,
    private readonly notify: Notify,
    private readonly attempt: Attempt,
  ) {}

  create(name: string): Promise<void> {
    return this.attempt(async () => {
      valueOf(await this.collections.create(name.trim() || m.docs_unnamed()));
    });
  }

  add(id: CollectionId, files: readonly File[]): Promise<void> {
    return this.attempt(async () => {
      if (files.length > 0) valueOf(await this.collections.addFiles(id, files));
    });
  }

  /** A collection of these files, named after the first. */
  createWith(files: readonly File[]): Promise<void> {
    return this.attempt(async () => {
      if (files.length === 0) return;
      const { id } = valueOf(await this.collections.create(nameFrom(files[0])));
      valueOf(await this.collections.addFiles(id, files));
    });
  }

  rename({ id, name: before }: Collection, name: string): Promise<void> {
    return this.attempt(async () => {
      if (name !== before) valueOf(await this.collections.rename(id, name));
    });
  }

  remove({ id, name }: Collection): Promise<void> {
    return this.attempt(async () => {
      const back = valueOf(await this.collections.remove(id));
      this.#tellGone(m.docs_removed({ name }), back);
    });
  }

  removeDocument({ id, name }: CollectionDocument): Promise<void> {
    return this.attempt(async () => {
      const back = valueOf(await this.collections.removeDocument(id));
      this.#tellGone(m.docs_removed({ name }), back);
    });
  }

  export({ id, name }: Collection): Promise<void> {
    return this.attempt(async () => {
      saveFile(valueOf(await this.collections.exportCollection(id)), `${fileName(name)}.zip`);
    });
  }

  /** A collection that was exported here or elsewhere. */
  import(file: Blob): Promise<void> {
    return this.attempt(async () => {
      const { name } = valueOf(await this.collections.importCollection(file));
      this.notify({ text: m.docs_imported({ name }) });
    });
  }

  /** @param embedder null for words alone */
  setEmbedder(id: CollectionId, embedder: { readonly modelId: string; readonly name: string } | null): Promise<void> {
    return this.attempt(async () => {
      valueOf(await this.collections.setEmbedder(id, embedder));
    });
  }

  #tellGone(text: string, back: () => Promise<void>): void {
    this.notify({ text, action: { label: m.undo(), run: () => void this.attempt(back) } });
  }
}
