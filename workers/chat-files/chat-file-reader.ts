import {
  addedUp,
  type BrokenPart,
  type ChatFileFormat,
  type ChatFileReaderApi,
  type ConversationPreview,
  type LeftOut,
  type OpenedFile,
  type ReadBatch,
  type ReadConversation,
  type UnknownRecord,
} from '../../src/shared/protocol/chat-files';
import type { ChatSettings } from '../../src/shared/domain/chat-settings';
import { failed, failureFrom, type Result } from '../../src/shared/protocol/failure';
import type { LabRecord } from '../../src/shared/domain/lab/lab-records';
import type { Persona } from '../../src/shared/domain/persona';
import { fileParts, type FilePart } from './file-parts';

/** A batch ends when so many characters of the file have been read for it: little enough to be handed over at once. */
const batchCharacters = 1_000_000;
const batchConversations = 100;

const isEmpty = ({ reading }: FilePart): boolean => Object.keys(reading).length === 0;

/** Reads one file at a time, as fast as it is asked to. */
export class ChatFileReader implements ChatFileReaderApi {
  #parts: AsyncGenerator<FilePart> | null = null;
  #first: FilePart[] = [];
  #bytes = 0;
  #readBytes = 0;

  async open(file: Blob): Promise<Result<OpenedFile>> {
    this.#bytes = file.size;
    this.#readBytes = 0;
    this.#first = [];
    this.#parts = fileParts(file, (bytes) => (this.#readBytes += bytes));
    try {
      let format: ChatFileFormat | null = null;
      let characters = 0;
      // What stands at the beginning may be broken; the next one tells.
      while (format === null && characters < batchCharacters) {
        const { value, done } = await this.#parts.next();
        if (done) break;
        this.#first.push(value);
        ({ format } = value);
        characters += value.size;
      }
      if (format === null) return failed('import-unreadable', this.#whyUnreadable());
      return { ok: true, value: { format, newer: this.#first.some(({ newer }) => newer) } };
    } catch (error) {
      return { ok: false, failure: failureFrom(error, 'import-unreadable') };
    }
  }

  async preview(): Promise<Result<ReadBatch<ConversationPreview>>> {
    const batch = await this.next();
    if (!batch.ok) return batch;
    const conversations = batch.value.conversations.map(({ conversation: { id, title, updatedAt }, messages }) => ({
      id,
      title,
      updatedAt,
      messageIds: messages.map((message) => message.id),
    }));
    return { ok: true, value: { ...batch.value, conversations } };
  }

  async next(): Promise<Result<ReadBatch>> {
    const conversations: ReadConversation[] = [];
    const personas: Persona[] = [];
    const lab: LabRecord[] = [];
    const unknown: UnknownRecord[] = [];
    const broken: BrokenPart[] = [];
    let defaults: ChatSettings | null = null;
    let leftOut: LeftOut = {};
    let characters = 0;
    let done = false;
    try {
      while (!done && characters < batchCharacters && conversations.length < batchConversations) {
        const part = await this.#next();
        done = part === null;
        if (part === null) break;
        characters += part.size;
        if (isEmpty(part)) continue;
        const { reading } = part;
        for (const conversation of reading.conversations ?? []) {
          conversations.push(conversation);
          if (conversation.leftOut) leftOut = addedUp(leftOut, conversation.leftOut);
        }
        personas.push(...(reading.personas ?? []));
        lab.push(...(reading.lab ?? []));
        unknown.push(...(reading.unknown ?? []));
        broken.push(...(reading.broken ?? []));
        defaults = reading.defaults ?? defaults;
      }
    } catch (error) {
      return { ok: false, failure: failureFrom(error, 'import-unreadable') };
    }
    const fraction = done || this.#bytes === 0 ? 1 : Math.min(1, this.#readBytes / this.#bytes);
    return { ok: true, value: { conversations, personas, defaults, lab, unknown, broken, leftOut, fraction, done } };
  }

  async #next(): Promise<FilePart | null> {
    const first = this.#first.shift();
    if (first) return first;
    const { value, done } = (await this.#parts?.next()) ?? { value: undefined, done: true };
    return done ? null : (value ?? null);
  }

  #whyUnreadable(): string {
    const problems = this.#first.flatMap(({ reading }) => reading.broken ?? []).map(({ problem }) => problem);
    return problems.length > 0 ? `no conversation in it: ${problems.slice(0, 5).join(', ')}` : 'there is nothing in it';
  }
}
