/** A file that goes with a question. Types only. */

export type AttachmentId = string;

/** Of a picture, as it was prepared. */
export interface PictureFacts {
  /** In pixels. */
  readonly width: number;
  readonly height: number;
  /** What is on it, in the words of the person; for those who do not see it. */
  readonly description?: string;
}

/** Of a sound, as it was prepared. */
export interface SoundFacts {
  readonly seconds: number;
}

/** What a message says of a file; its content lies in a store of its own, so that a conversation stays small to read. */
export interface AttachmentRef {
  readonly id: AttachmentId;
  readonly name: string;
  readonly mediaType: string;
  /** Of the file itself. */
  readonly bytes: number;
  /** Characters of its text that go into the prompt: fewer than there are where it was cut to fit. */
  readonly usedCharacters: number;
  /** Characters of all its text. */
  readonly textCharacters: number;
  /** Of a picture, which has no text. */
  readonly picture?: PictureFacts;
  /** Of a sound, which has no text. */
  readonly sound?: SoundFacts;
}

/** As it is stored. Blobs, never base64 in a message: one large string has cost others their whole database. */
export interface Attachment {
  readonly id: AttachmentId;
  readonly conversationId: string;
  readonly name: string;
  readonly mediaType: string;
  /** Of a picture, what was prepared of it: the file with its place and its camera is kept nowhere. */
  readonly file: Blob;
  /** The text that was found in it, UTF-8; of a picture or a sound, nothing. */
  readonly text: Blob;
  readonly picture?: PictureFacts;
  /** Of a sound: the file is then a WAV of what models take. */
  readonly sound?: SoundFacts;
  /** ms since the epoch */
  readonly createdAt: number;
}
