import type { Attachment } from '../shared/domain/attachment';
import { chatFileType, chatFileVersion, dataLineCharacters } from '../shared/protocol/chat-files';
import type { ConversationId } from '../shared/domain/conversation';
import type { PersonaId } from '../shared/domain/persona';
import type { ChatsStore } from '../storage/chats-store';
import { StoredLab } from '../storage/stored-lab';
import type { WholeConversation } from '../storage/conversation-repository';
import { base64Of } from '../shared/platform/base64';

/** So many conversations are read from the store at a time. */
const together = 50;
/** Lines of so many characters are handed to the browser, which may put them on disk. */
const flushedCharacters = 4_000_000;

/** Collects lines without holding all of them as strings. */
class LineFile {
  readonly #parts: Blob[] = [];
  #lines: string[] = [];
  #characters = 0;

  add(record: object): void {
    this.addLine(JSON.stringify(record));
  }

  addLine(line: string): void {
    this.#lines.push(line, '\n');
    this.#characters += line.length;
    if (this.#characters > flushedCharacters) this.#flush();
  }

  finish(): Blob {
    this.#flush();
    return new Blob(this.#parts, { type: 'application/jsonl' });
  }

  #flush(): void {
    this.#parts.push(new Blob(this.#lines));
    this.#lines = [];
    this.#characters = 0;
  }
}

async function addAttachment(file: LineFile, attachment: Attachment): Promise<void> {
  const { file: content, text, ...facts } = attachment;
  file.add({ type: 'attachment', ...facts, bytes: content.size, textBytes: text.size });
  for (const [part, blob] of [
    ['file', content],
    ['text', text],
  ] as const) {
    for await (const data of base64Of(blob, dataLineCharacters)) {
      file.add({ type: 'attachment-data', id: attachment.id, part, data });
    }
  }
}

async function addConversation(file: LineFile, record: WholeConversation): Promise<void> {
  file.add({ type: 'conversation', ...record.conversation });
  for (const message of record.messages) file.add({ type: 'message', ...message });
  for (const attachment of record.attachments) await addAttachment(file, attachment);
  if (record.draft) file.add({ type: 'draft', ...record.draft });
}

/**
 * Conversations as JSON Lines (docs/chat-files.md), read from the store and not from what is on the screen, so nothing is left
 * out. With everything come personas, defaults, the Lab, and what an import brought that this version does not understand.
 * @param ids null for everything
 */
export async function exportSotto(store: ChatsStore, ids: readonly ConversationId[] | null): Promise<Blob> {
  const file = new LineFile();
  file.add({ type: chatFileType, version: chatFileVersion, exportedAt: new Date().toISOString() });
  if (ids === null) {
    for (const persona of await store.personas.list()) file.add({ type: 'persona', ...persona });
    const settings = await store.defaults.read();
    if (Object.keys(settings).length > 0) file.add({ type: 'defaults', settings });
    for (const { line } of await store.keptRecords.list()) file.addLine(line);
    for await (const record of new StoredLab(store.tables).records()) file.add(record);
  }
  const personaIds = new Set<PersonaId>();
  const wanted = ids ?? (await store.conversations.list()).map(({ id }) => id);
  for (let start = 0; start < wanted.length; start += together) {
    for (const record of await store.conversations.readWhole(wanted.slice(start, start + together))) {
      await addConversation(file, record);
      if (record.conversation.personaId !== undefined) personaIds.add(record.conversation.personaId);
    }
  }
  if (ids === null) return file.finish();
  // A conversation alone would be answered in another way where its persona is missing.
  for (const id of personaIds) {
    const persona = await store.personas.read(id);
    if (persona) file.add({ type: 'persona', ...persona });
  }
  return file.finish();
}
