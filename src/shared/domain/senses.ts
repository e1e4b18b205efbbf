/** What a model takes beside words. Types only. */

export interface Senses {
  readonly sees: boolean;
  readonly hears: boolean;
}

/** A picture or a sound, as it is handed to a model: a PNG or JPEG without metadata, or a WAV of 16 kHz, one channel, 16 bits. */
export interface TurnMedia {
  readonly kind: 'picture' | 'sound';
  readonly blob: Blob;
  /** What it takes of the window, guessed, where that is known. */
  readonly tokens?: number;
}
