import type { Attachment, AttachmentId, AttachmentRef } from '../../contracts/attachment';
import { failureFrom, type Failure } from '../../contracts/failure';
import type { AttachmentStore } from './attachment-store';

/** A file that waits in the composer. */
export class PendingFile {
  readonly id: AttachmentId = crypto.randomUUID();
  readonly name: string;
  readonly mediaType: string;
  state = $state<'reading' | 'ready' | 'failed'>('reading');
  failure = $state.raw<Failure | null>(null);
  /** Characters of its text that go into the prompt. */
  usedCharacters = $state(0);
  #text = $state.raw('');

  /** @param pasted it was a long paste, which can become words of the question again */
  constructor(
    readonly file: Blob,
    name: string,
    readonly pasted = false,
  ) {
    this.name = name;
    this.mediaType = file.type || 'text/plain';
  }

  get text(): string {
    return this.#text;
  }

  read(text: string): void {
    this.#text = text;
    this.usedCharacters = text.length;
    this.state = 'ready';
  }

  fail(failure: Failure): void {
    this.failure = failure;
    this.state = 'failed';
  }

  get ref(): AttachmentRef {
    const { id, name, mediaType, file, usedCharacters } = this;
    return { id, name, mediaType, bytes: file.size, usedCharacters, textCharacters: this.#text.length };
  }

  record(conversationId: string): Attachment {
    const { id, name, mediaType, file } = this;
    const text = new Blob([this.#text], { type: 'text/plain' });
    return { id, conversationId, name, mediaType, file, text, createdAt: Date.now() };
  }
}

/** More than anybody means to ask about at once; each takes memory and context. */
export const mostFiles = 20;

/** The files of a question that has not been sent. */
export class PendingFiles {
  #items = $state.raw<readonly PendingFile[]>([]);

  constructor(private readonly store: AttachmentStore) {}

  get items(): readonly PendingFile[] {
    return this.#items;
  }
  get ready(): readonly PendingFile[] {
    return this.#items.filter(({ state }) => state === 'ready');
  }
  get reading(): boolean {
    return this.#items.some(({ state }) => state === 'reading');
  }

  /** Takes files and finds their text. @returns how many were left out because there are too many */
  add(files: readonly File[]): number {
    const taken = files.slice(0, Math.max(0, mostFiles - this.#items.length));
    for (const file of taken) void this.#read(new PendingFile(file, file.name));
    return files.length - taken.length;
  }

  /** A long paste, as a file. */
  addText(text: string, name: string): PendingFile {
    const pending = new PendingFile(new Blob([text], { type: 'text/plain' }), name, true);
    pending.read(text);
    this.#items = [...this.#items, pending];
    return pending;
  }

  /** Files of a question that is taken back. */
  putBack(files: readonly PendingFile[]): void {
    this.#items = [...this.#items, ...files];
  }

  remove(id: AttachmentId): void {
    this.#items = this.#items.filter((item) => item.id !== id);
  }

  /** Those that can be sent; the composer forgets them, and those that could not be read. */
  take(): readonly PendingFile[] {
    const { ready } = this;
    this.#items = [];
    return ready;
  }

  /** Stores files that are sent with a question of this conversation. Rejects with a `FailureError`. */
  async keep(files: readonly PendingFile[], conversationId: string): Promise<void> {
    if (files.length > 0) await this.store.write(files.map((file) => file.record(conversationId)));
  }

  async #read(pending: PendingFile): Promise<void> {
    this.#items = [...this.#items, pending];
    try {
      const { readFileText } = await import('./read-file-text');
      const result = await readFileText(pending.file, pending.name);
      if (result.ok) pending.read(result.value);
      else pending.fail(result.failure);
    } catch (error) {
      pending.fail(failureFrom(error, 'attachment-unreadable'));
    }
  }
}
