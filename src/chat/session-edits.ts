/** What a person does to the conversation on the screen besides asking. Loaded when it is first wanted. */
import type { ConversationId, MessageId } from '../shared/domain/conversation';
import { failureFrom, type Failure } from '../shared/protocol/failure';
import { m } from '../text/paraglide/messages.js';
import type { AnsweringParts, ConversationState } from './answer-order';
import { deleteFrom, editAnswer, fork, type Undo } from './conversation-edits';
import { withConversationLock } from './conversation-lock';
import { attachmentsOf } from './files/attachments-anew';
import { attached } from './files/attachment-texts';
import { storedPictures } from './files/stored-pictures';

interface EditedSession {
  readonly phase: string;
  /** Shows what is stored. */
  read(id: ConversationId): Promise<void>;
  /** Told why something could not be done; null when another try begins. */
  failed(failure: Failure | null): void;
}

export class SessionEdits {
  constructor(
    private readonly parts: AnsweringParts,
    private readonly conversation: ConversationState,
    private readonly session: EditedSession,
  ) {}

  /** Deletes a message and all that follows it. @returns the way back; null when it could not be done */
  deleteFrom(messageId: MessageId): Promise<Undo | null> {
    return this.#change((id) => deleteFrom(this.parts.repository, id, messageId));
  }

  /** Changes the words of an answer. @returns the way back; null when nothing was changed */
  editAnswer(answerId: MessageId, text: string): Promise<Undo | null> {
    return this.#change((id) => editAnswer(this.parts.repository, id, answerId, text));
  }

  /** Copies the branch up to a message into a new conversation. @returns its id; null when it could not be done */
  async fork(messageId: MessageId): Promise<ConversationId | null> {
    const { repository, changed, channel } = this.parts;
    const { header } = this.conversation.kept;
    if (header === null) return null;
    try {
      const copy = await fork(repository, header.id, messageId, (title) => m.fork_title({ title }));
      if (copy === null) return null;
      changed(copy);
      channel.announce(copy.id);
      return copy.id;
    } catch (error) {
      this.session.failed(failureFrom(error, 'storage-unavailable'));
      return null;
    }
  }

  /** Writes a conversation that is gone from the store as it is shown, with the texts of files that are known. */
  async storeAgain(): Promise<void> {
    const { kept, draft, fileTexts } = this.conversation;
    try {
      const messages = [...kept.messages.values()];
      const texts = await fileTexts.of(messages);
      const pictures = await storedPictures(fileTexts, messages.flatMap(attached));
      const stored = await kept.storeAgain(attachmentsOf(messages, texts, pictures));
      if (stored === null) return;
      this.session.failed(null);
      draft.storeAnew();
      this.parts.changed(stored);
      this.parts.channel.announce(stored.id);
    } catch (error) {
      this.session.failed(failureFrom(error, 'storage-unavailable'));
    }
  }

  /** Changes the stored conversation while nobody else writes to it, and shows the outcome. */
  async #change(work: (id: ConversationId) => Promise<Undo | null>): Promise<Undo | null> {
    const { session } = this;
    const { kept } = this.conversation;
    const id = kept.header?.id;
    if (id === undefined || session.phase !== 'idle') return null;
    session.failed(null);
    let undo: Undo | null = null;
    const show = async (): Promise<void> => {
      await session.read(id);
      if (kept.header) this.parts.changed(kept.header);
      this.parts.channel.announce(id);
    };
    try {
      const free = await withConversationLock(id, async () => {
        undo = await work(id);
        await show();
      });
      if (!free) session.failed({ kind: 'conversation-busy', technical: 'the lock is held by another tab' });
    } catch (error) {
      session.failed(failureFrom(error, 'storage-unavailable'));
    }
    // The way back may be taken when another conversation is on the screen: this session then still knows what to do.
    const back = undo as Undo | null;
    return back && (async () => back().then(show));
  }
}
