import type { Attachment } from '../../src/shared/domain/attachment';
import { fromBase64 } from '../../src/shared/platform/base64';

function bytesOf(data: unknown): Uint8Array<ArrayBuffer> | null {
  if (typeof data !== 'string') return null;
  try {
    return fromBase64(data);
  } catch {
    return null;
  }
}

/** A file of a conversation, put together from lines of base64. */
export class AttachmentParts {
  readonly #file: Blob[] = [];
  readonly #text: Blob[] = [];

  constructor(private readonly facts: Omit<Attachment, 'file' | 'text'>) {}

  /** @returns false for what is no part of a file */
  add(part: unknown, data: unknown): boolean {
    const list = part === 'file' ? this.#file : part === 'text' ? this.#text : null;
    const bytes = bytesOf(data);
    if (!list || !bytes) return false;
    list.push(new Blob([bytes]));
    return true;
  }

  attachment(): Attachment {
    return { ...this.facts, file: new Blob(this.#file, { type: this.facts.mediaType }), text: new Blob(this.#text) };
  }
}
