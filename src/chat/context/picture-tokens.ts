import type { PictureFacts, SoundFacts } from '../../shared/domain/attachment';

/**
 * One token stands for a square of so many pixels each way: Qwen3-VL cuts a picture into patches of 16 and merges four of them
 * (`patch_size` and `spatial_merge_size` of its configuration); of Qwen2.5-VL the square is 28 pixels wide, so a third more.
 */
const pixelsOfToken = 32;
/** Its beginning and its end. */
const around = 2;

/** What a picture takes of a window, guessed: what a model takes, its engine counts. @param most that its engine makes of one */
export const pictureTokens = ({ width, height }: PictureFacts, most: number): number =>
  Math.min(most, Math.ceil(width / pixelsOfToken) * Math.ceil(height / pixelsOfToken)) + around;

/** As Qwen2.5-Omni hears; Qwen3-ASR takes half of it. */
const tokensOfSecond = 25;

/** What a sound takes of a window, guessed. */
export const soundTokens = ({ seconds }: SoundFacts): number => Math.ceil(seconds * tokensOfSecond) + around;
