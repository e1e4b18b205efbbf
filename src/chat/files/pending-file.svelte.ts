import type { Attachment, AttachmentId, AttachmentRef, PictureFacts, SoundFacts } from '../../shared/domain/attachment';
import type { Failure } from '../../shared/protocol/failure';
import type { EncodingChoice, TextEncoding } from '../../shared/domain/text-encoding';

/** A file that waits in the composer. */
export class PendingFile {
  /** Stored with the draft. */
  kept = false;
  /** Ends what is done with a file that is removed. */
  readonly removal = new AbortController();
  state = $state<'reading' | 'encoding-wanted' | 'ready' | 'failed'>('reading');
  failure = $state.raw<Failure | null>(null);
  /** What the text was read in, where the file does not say so itself. */
  encoding = $state.raw<TextEncoding | null>(null);
  /** Encodings that a person may choose from. */
  encodings = $state.raw<readonly EncodingChoice[]>([]);
  /** Places in the file that are no character. */
  damaged = $state(0);
  /** Characters of its text that go into the prompt. */
  usedCharacters = $state(0);
  /** Set once it has been prepared; `file` is then what was prepared, and the file that was given is let go. */
  picture = $state.raw<PictureFacts>();
  /** Set for a sound that is sent as one; `file` is then what models take. */
  sound = $state.raw<SoundFacts>();
  /** It is the beginning of an animation. */
  isFirstOfMany = false;
  #text = $state.raw('');

  constructor(
    public file: Blob,
    readonly name: string,
    readonly id: AttachmentId = crypto.randomUUID(),
  ) {}

  get mediaType(): string {
    return this.file.type || 'text/plain';
  }

  get text(): string {
    return this.#text;
  }

  read(text: string): void {
    this.#text = text;
    this.usedCharacters = text.length;
    this.state = 'ready';
  }

  /** Takes a picture or a sound that is prepared. */
  show(file: Blob, picture: PictureFacts | undefined, sound?: SoundFacts): void {
    this.file = file;
    this.picture = picture;
    this.sound = sound;
    this.state = 'ready';
  }

  get #facts(): Pick<AttachmentRef, 'picture' | 'sound'> {
    const { picture, sound } = this;
    return { ...(picture && { picture }), ...(sound && { sound }) };
  }

  get ref(): AttachmentRef {
    const { id, name, mediaType, file, usedCharacters } = this;
    const textCharacters = this.#text.length;
    return { id, name, mediaType, bytes: file.size, usedCharacters, textCharacters, ...this.#facts };
  }

  record(conversationId: string): Attachment {
    const { id, name, mediaType, file } = this;
    const text = new Blob([this.#text], { type: 'text/plain' });
    return { id, conversationId, name, mediaType, file, text, ...this.#facts, createdAt: Date.now() };
  }
}
