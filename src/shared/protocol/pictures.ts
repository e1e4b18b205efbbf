/** The call that the worker for pictures answers. One picture a worker; to cancel, the worker is ended. */
import type { Result } from './failure';

/** A picture as it is kept and as models get it. */
export interface PreparedPicture {
  /** PNG or JPEG; upright, on white, and with nothing in it but pixels. */
  readonly file: Blob;
  /** In pixels. */
  readonly width: number;
  readonly height: number;
  /** It was an animation, of which this is the beginning. */
  readonly isFirstOfMany: boolean;
}

export interface PicturesApi {
  /**
   * Failures: `picture-refused`, `picture-heic`, `picture-unreadable`, `picture-too-large`.
   * @param name for the words of a failure
   * @returns null where this browser's workers cannot draw: then the page has to
   */
  prepare(file: Blob, name: string): Promise<Result<PreparedPicture> | null>;
}
