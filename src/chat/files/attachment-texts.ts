import type { Attachment, AttachmentId } from '../../shared/domain/attachment';
import type { Message } from '../../shared/domain/conversation';
import type { AttachmentStore } from './attachment-store';

/** The texts of files that go into prompts, each read once. */
export class AttachmentTexts {
  readonly #texts = new Map<AttachmentId, string>();

  constructor(private readonly store: AttachmentStore) {}

  /** Known already, as for a file that has just been sent. */
  put(id: AttachmentId, text: string): void {
    this.#texts.set(id, text);
  }

  /** Those of a branch. What cannot be read is not in it, and the prompt says so. Never rejects. */
  async of(branch: readonly Message[]): Promise<ReadonlyMap<AttachmentId, string>> {
    const ids = branch.flatMap((message) =>
      (message.role === 'user' ? (message.attachments ?? []) : []).map(({ id }) => id),
    );
    const unknown = ids.filter((id) => !this.#texts.has(id));
    if (unknown.length > 0) {
      const stored = await this.store.read(unknown).catch(() => []);
      for (const { id, text } of stored) this.#texts.set(id, await text.text().catch(() => ''));
    }
    return new Map(ids.flatMap((id) => (this.#texts.has(id) ? [[id, this.#texts.get(id) ?? '']] : [])));
  }
}

/** Files of messages, made anew from their texts: all that a model ever reads of them. Those whose text is not known are left out. */
export const attachmentsOf = (
  messages: Iterable<Message>,
  texts: ReadonlyMap<AttachmentId, string>,
): readonly Attachment[] =>
  [...messages].flatMap((message) =>
    (message.role === 'user' ? (message.attachments ?? []) : []).flatMap(({ id, name, mediaType }) => {
      const text = texts.get(id);
      if (text === undefined) return [];
      const content = new Blob([text], { type: 'text/plain' });
      const { conversationId, createdAt } = message;
      return [{ id, conversationId, name, mediaType, file: content, text: content, createdAt }];
    }),
  );
