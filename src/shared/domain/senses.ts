/** What a model takes beside words. */

export interface Senses {
  readonly sees: boolean;
  readonly hears: boolean;
}

/**
 * Tokens that llama.cpp may make of a picture. Models that take pictures of any size would be minutes over a large one on a CPU, and
 * fill the window with it; 256 tokens are 512 pixels in square for Qwen's models.
 */
export const mostPictureTokens: Readonly<Record<'cpu' | 'webgpu', number>> = { cpu: 256, webgpu: 1024 };

/** A picture or a sound, as it is handed to a model: a PNG or JPEG without metadata, or a WAV of 16 kHz, one channel, 16 bits. */
export interface TurnMedia {
  readonly kind: 'picture' | 'sound';
  readonly blob: Blob;
  /** What it takes of the window, guessed, where that is known. */
  readonly tokens?: number;
}
