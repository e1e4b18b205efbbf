import type { Attachment, AttachmentId } from '../../contracts/attachment';

/** Where files of questions are kept. Rejections are `FailureError`s whose kinds are those of the conversations' repository. */
export interface AttachmentStore {
  /** Those of these that are here, in the order of the ids. */
  read(ids: readonly AttachmentId[]): Promise<readonly Attachment[]>;
  /** Replaces older versions of the same ids. */
  write(values: readonly Attachment[]): Promise<void>;
  remove(ids: readonly AttachmentId[]): Promise<void>;
}

/** Keeps them until the page is closed. */
export class MemoryAttachments implements AttachmentStore {
  readonly #values = new Map<AttachmentId, Attachment>();

  read(ids: readonly AttachmentId[]): Promise<readonly Attachment[]> {
    return Promise.resolve(ids.flatMap((id) => this.#values.get(id) ?? []));
  }

  write(values: readonly Attachment[]): Promise<void> {
    for (const value of values) this.#values.set(value.id, value);
    return Promise.resolve();
  }

  remove(ids: readonly AttachmentId[]): Promise<void> {
    for (const id of ids) this.#values.delete(id);
    return Promise.resolve();
  }
}
