import { newChat } from '../shared/domain/draft';
import type { DraftKeeper } from '../storage/draft-keeper';
import type { AttachmentStore } from './files/attachment-store';
import type { PendingFile } from './files/pending-file.svelte';
import { PendingFiles } from './files/pending-files.svelte';
import { QuestionQueue } from './question-queue.svelte';

interface SessionDraftParts {
  readonly attachments: AttachmentStore;
  /** Keeps what is typed over reloads. */
  readonly drafts?: DraftKeeper | undefined;
  /** Of the conversation, in the store or gone from it; null before its first question. */
  knownId(): string | null;
}

/** What a person has not sent yet: words, files, and the questions that wait for an answer to end. Survives a reload. */
export class SessionDraft {
  readonly queue = new QuestionQueue(() => this.keep());
  readonly files: PendingFiles;
  #text = $state('');
  #restoring: Promise<void> | null = null;

  constructor(private readonly parts: SessionDraftParts) {
    this.files = new PendingFiles({
      changed: () => this.keep(),
      removed: (file) => file.kept && void parts.attachments.remove([file.id]).catch(() => {}),
    });
  }

  get text(): string {
    return this.#text;
  }
  set text(text: string) {
    if (text === this.#text) return;
    this.#text = text;
    this.keep();
  }
  get isEmpty(): boolean {
    return this.#text === '' && this.files.items.length === 0 && this.queue.items.length === 0;
  }
  /** What the draft is kept by. */
  get key(): string {
    return this.parts.knownId() ?? newChat;
  }

  /** Takes up what was here before, unless something has been typed meanwhile. Never rejects. */
  restore(): Promise<void> {
    // Two who ask at once would each put its files there.
    return (this.#restoring ??= this.#restore().finally(() => (this.#restoring = null)));
  }

  async #restore(): Promise<void> {
    const { drafts, attachments } = this.parts;
    const draft = await drafts?.read(this.key).catch(() => null);
    if (!draft || !this.isEmpty) return;
    this.#text = draft.text;
    if (draft.attachmentIds.length > 0)
      await this.files.restore(await attachments.read(draft.attachmentIds).catch(() => []));
  }

  /** Forgets it without touching what is stored: the conversation is being deleted. */
  abandon(): void {
    this.#text = '';
    this.files.forget();
    this.queue.forget();
  }

  /** The conversation has been stored: what is left of the draft that was kept by another key belongs to it. */
  moveFrom(key: string): void {
    if (key !== this.key) {
      this.parts.drafts?.put({ id: key, text: '', attachmentIds: [], updatedAt: Date.now() });
      for (const file of this.files.items) file.kept = false;
    }
    this.keep();
  }

  /** The store has lost what was kept there. */
  storeAnew(): void {
    for (const file of [...this.files.items, ...this.queue.items.flatMap(({ files }) => files)]) file.kept = false;
    this.keep();
  }

  keep(): void {
    const { drafts } = this.parts;
    const { key } = this;
    if (!drafts) return;
    const waiting = this.queue.items;
    // A question that waits is not asked of itself after a reload: it is in the box again.
    const text = [...waiting.map((question) => question.text), this.#text].filter((part) => part !== '').join('\n\n');
    const files = [...waiting.flatMap((question) => question.files), ...this.files.lasting];
    void this.#storeFiles(files, key);
    drafts.put({ id: key, text, attachmentIds: files.map(({ id }) => id), updatedAt: Date.now() });
  }

  /** A file that cannot be stored waits in memory: storing it is tried again, and its failure told, when it is sent. */
  async #storeFiles(files: readonly PendingFile[], key: string): Promise<void> {
    const fresh = files.filter((file) => !file.kept);
    for (const file of fresh) file.kept = true;
    if (fresh.length === 0) return;
    await this.parts.attachments.write(fresh.map((file) => file.record(key))).catch(() => {});
    // A draft of words rests a moment after each key; one that a reload leaves without its files would lose them.
    await this.parts.drafts?.flush();
  }
}
