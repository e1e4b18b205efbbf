import type { Conversation, ConversationId } from '../contracts/conversation';
import { failureFrom, type Failure, type Result } from '../contracts/failure';
import type { ConversationChannel } from '../storage/conversation-channel';
import type { ConversationRecord, ConversationRepository } from '../storage/conversation-repository';
import { exportChats } from './export-chats';
import { importChats, type ImportReport } from './import-chats';

interface LibraryParts {
  readonly repository: ConversationRepository;
  readonly channel: ConversationChannel;
  /** Called before a conversation is deleted: an answer that is being written to it must end. */
  readonly removing: (id: ConversationId) => void;
  /** Called when a deleted conversation can still be brought back. */
  readonly removed: (record: ConversationRecord, undo: () => void) => void;
  readonly failed: (failure: Failure) => void;
}

/** Read and shown before all the others: a long past must not make opening the app slow. */
const firstShown = 60;

const byNewest = (a: Conversation, b: Conversation): number => b.updatedAt - a.updatedAt;

/** All conversations on this device. */
export class Library {
  query = $state('');
  #conversations = $state.raw<readonly Conversation[]>([]);
  #ready = $state(false);
  readonly #visible = $derived.by(() => {
    const words = this.query.toLocaleLowerCase().split(/\s+/).filter(Boolean);
    if (words.length === 0) return this.#conversations;
    return this.#conversations.filter(({ title }) => {
      const lowered = title.toLocaleLowerCase();
      return words.every((word) => lowered.includes(word));
    });
  });

  constructor(private readonly parts: LibraryParts) {
    parts.channel.listen(() => void this.load());
  }

  /** Newest first. */
  get conversations(): readonly Conversation[] {
    return this.#conversations;
  }
  /** Those whose title has every word of the query. */
  get visible(): readonly Conversation[] {
    return this.#visible;
  }
  /** False until the list has been read once. */
  get ready(): boolean {
    return this.#ready;
  }

  async load(): Promise<void> {
    await this.#attempt(async () => {
      if (!this.#ready) {
        this.#conversations = await this.parts.repository.list(firstShown);
        this.#ready = true;
      }
      this.#conversations = await this.parts.repository.list();
    });
    this.#ready = true;
  }

  /** A conversation was created or written to in this tab. */
  changed(conversation: Conversation): void {
    this.#conversations = [conversation, ...this.#conversations.filter(({ id }) => id !== conversation.id)].sort(
      byNewest,
    );
  }

  async rename(id: ConversationId, title: string): Promise<void> {
    await this.#attempt(async () => {
      const record = await this.parts.repository.read(id);
      if (record === null || title.trim() === '') return;
      const renamed = { ...record.conversation, title: title.trim() };
      await this.parts.repository.write(renamed, []);
      this.changed(renamed);
      this.parts.channel.announce(id);
    });
  }

  /** Deletes at once; `removed` is given the way back. */
  async remove(id: ConversationId): Promise<void> {
    this.parts.removing(id);
    await this.#attempt(async () => {
      const record = await this.parts.repository.remove(id);
      this.#conversations = this.#conversations.filter((conversation) => conversation.id !== id);
      this.parts.channel.announce(id);
      if (record) this.parts.removed(record, () => void this.#restore(record));
    });
  }

  exportChats(): Promise<Blob> {
    return exportChats(this.parts.repository);
  }

  async importChats(file: Blob): Promise<Result<ImportReport>> {
    try {
      return await importChats(this.parts.repository, file);
    } catch (error) {
      return { ok: false, failure: failureFrom(error, 'storage-unavailable') };
    } finally {
      await this.load();
    }
  }

  async #restore({ conversation, messages }: ConversationRecord): Promise<void> {
    await this.#attempt(async () => {
      await this.parts.repository.write(conversation, messages);
      this.changed(conversation);
      this.parts.channel.announce(conversation.id);
    });
  }

  async #attempt(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.parts.failed(failureFrom(error, 'storage-unavailable'));
    }
  }
}
