import type { AttachmentId, AttachmentRef } from '../../shared/domain/attachment';
import type { Message } from '../../shared/domain/conversation';
import type { AttachmentStore } from './attachment-store';
import type { PendingFile } from './pending-file.svelte';

export const attached = (message: Message): readonly AttachmentRef[] =>
  message.role === 'user' ? (message.attachments ?? []) : [];

/** Whether a file goes to a model as it is: a picture or a sound has no text. */
export const isMedia = ({ picture, sound }: { readonly picture?: unknown; readonly sound?: unknown }): boolean =>
  (picture ?? sound) !== undefined;

/** The texts of files that go into prompts, each read once, and pictures and sounds that were wanted. */
export class AttachmentTexts {
  readonly #texts = new Map<AttachmentId, string>();
  /** See `storedPictures`. */
  readonly pictures = new Map<AttachmentId, Blob>();

  constructor(readonly store: AttachmentStore) {}

  /** Known already, as for a file that has just been sent. */
  put(pending: PendingFile): void {
    const { id, text, file } = pending;
    if (isMedia(pending)) this.pictures.set(id, file);
    else this.#texts.set(id, text);
  }

  /** Those of a branch. What cannot be read is not in it, and the prompt says so. Never rejects. */
  async of(branch: readonly Message[]): Promise<ReadonlyMap<AttachmentId, string>> {
    const ids = branch.flatMap(attached).flatMap((file) => (isMedia(file) ? [] : [file.id]));
    const unknown = ids.filter((id) => !this.#texts.has(id));
    if (unknown.length > 0) {
      const stored = await this.store.read(unknown).catch(() => []);
      for (const { id, text } of stored) this.#texts.set(id, await text.text().catch(() => ''));
    }
    return new Map(ids.flatMap((id) => (this.#texts.has(id) ? [[id, this.#texts.get(id) ?? '']] : [])));
  }
}
