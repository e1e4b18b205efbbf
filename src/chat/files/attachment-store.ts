import type { Attachment, AttachmentId } from '../../shared/domain/attachment';

/** Where files of questions are kept. Rejections are `FailureError`s whose kinds are those of the conversations' repository. */
export interface AttachmentStore {
  /** Those of these that are here, in the order of the ids. */
  read(ids: readonly AttachmentId[]): Promise<readonly Attachment[]>;
  /** Replaces older versions of the same ids. */
  write(values: readonly Attachment[]): Promise<void>;
  remove(ids: readonly AttachmentId[]): Promise<void>;
}
