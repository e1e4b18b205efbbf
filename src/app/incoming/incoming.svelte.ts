import type { Result } from '../../shared/protocol/failure';
import { classify, type IncomingKind } from './classify';

/** Where things from outside go. Nothing of it is sent or stored before a person has looked at it. */
export interface IncomingPlaces {
  /** Into the message box of a new chat. */
  readonly addText: (text: string) => void;
  /** To the files of a new chat's message. */
  readonly addAttachment: (file: File) => void;
  /** To a new chat's message, where its words can be written down. */
  readonly addSound: (file: File) => void;
  /** To "Add a model". */
  readonly addModel: (file: File) => void;
  /** To "Add a model", with this address filled in. */
  readonly addModelAddress: (address: string) => void;
  readonly importChats: (file: Blob) => Promise<Result<unknown>>;
}

export interface IncomingFile {
  readonly file: File;
  readonly kind: IncomingKind;
}

/** What was shared with Sotto or opened with it, until a person says what shall become of it. */
export class Incoming {
  #files = $state.raw<readonly IncomingFile[]>([]);
  #lost = $state(false);

  constructor(readonly places: IncomingPlaces) {}

  /** Files that wait for an answer. */
  get files(): readonly IncomingFile[] {
    return this.#files;
  }

  /** Something was shared and could not be kept. */
  get lost(): boolean {
    return this.#lost;
  }

  noteLoss(): void {
    this.#lost = true;
  }

  dismissLoss(): void {
    this.#lost = false;
  }

  receiveText(parts: readonly string[]): void {
    const text = parts
      .map((part) => part.trim())
      .filter((part, index, all) => part !== '' && all.indexOf(part) === index)
      .join('\n\n');
    if (text !== '') this.places.addText(text);
  }

  async receiveFiles(files: readonly File[]): Promise<void> {
    const known: IncomingFile[] = [];
    // A file that cannot be read any more is one that cannot be used.
    for (const file of files) known.push({ file, kind: await classify(file).catch(() => 'unreadable' as const) });
    this.#files = [...this.#files, ...known];
  }

  /** Takes a file to where it belongs. */
  async accept(entry: IncomingFile): Promise<Result<unknown>> {
    const { file, kind } = entry;
    if (kind === 'chats') {
      const imported = await this.places.importChats(file);
      if (!imported.ok) return imported;
    }
    if (kind === 'text') await this.#takeText(file);
    if (kind === 'attachment' || kind === 'picture') this.places.addAttachment(file);
    if (kind === 'sound') this.places.addSound(file);
    if (kind === 'model') this.places.addModel(file);
    this.discard(entry);
    return { ok: true, value: null };
  }

  /** Only its beginning has been looked at: the rest may be in another encoding. */
  async #takeText(file: File): Promise<void> {
    const bytes = await file.arrayBuffer();
    let text: string;
    try {
      text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    } catch {
      this.places.addAttachment(file);
      return;
    }
    this.places.addText(text);
  }

  discardAll(): void {
    this.#files = [];
  }

  discard(entry: IncomingFile): void {
    this.#files = this.#files.filter((other) => other !== entry);
  }
}
