import type { Attachment, AttachmentId } from '../shared/domain/attachment';
import type { Tables } from './tables';

/**
 * Files that go with questions. Those of a conversation are deleted, restored, exported and imported with it, by the
 * conversations' repository; here are the verbs for single ones. Rejections are `FailureError`s, as there.
 */
export class StoredAttachments {
  constructor(private readonly tables: Tables) {}

  /** Those of these that are here, in the order of the ids. */
  read(ids: readonly AttachmentId[]): Promise<readonly Attachment[]> {
    return this.tables.run('readonly', ['attachments'], async ({ attachments }) => {
      const found = await Promise.all(ids.map((id) => attachments.get(id)));
      return found.filter((attachment) => attachment !== undefined);
    });
  }

  /** All of a conversation, or of the new chat's draft (`newChat`). */
  of(conversationId: string): Promise<readonly Attachment[]> {
    return this.tables.run('readonly', ['attachments'], ({ attachments }) => attachments.of(conversationId));
  }

  async write(values: readonly Attachment[]): Promise<void> {
    await this.tables.run('readwrite', ['attachments'], async ({ attachments }) => {
      await Promise.all(values.map((value) => attachments.put(value)));
    });
  }

  async remove(ids: readonly AttachmentId[]): Promise<void> {
    await this.tables.run('readwrite', ['attachments'], async ({ attachments }) => {
      await Promise.all(ids.map((id) => attachments.delete(id)));
    });
  }
}
