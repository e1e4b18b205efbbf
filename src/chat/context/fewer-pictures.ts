/**
 * Older pictures leave a prompt before words do: one takes the room of some pages, and what was said about it stays. Those of the
 * last question always stay. Pure.
 */
import type { AttachmentId } from '../../shared/domain/attachment';
import { attached } from '../files/attachment-texts';
import { lastTreatment, turnsOf } from '../prompt';
import { headroom } from './fit-turns';
import type { PromptJob } from './prompt-job';
import { estimateOf } from './prompt-size';

export interface Budget {
  /** Tokens that the prompt may have. */
  readonly limit: number;
  /** Tokens of the model for one that is guessed. */
  readonly perGuessed: number;
}

export interface FewerPictures {
  readonly job: PromptJob;
  readonly leftOut: number;
}

/** Those that the model would get before its last question, the oldest first. @param from the first message that it gets */
export const olderPictures = ({ branch, parts: { media } }: PromptJob, from: number): readonly AttachmentId[] =>
  branch
    .slice(
      from,
      branch.findLastIndex(({ role }) => role === 'user'),
    )
    .flatMap(attached)
    .filter((file) => media?.(file))
    .map(({ id }) => id);

/** Leaves out so many of the older pictures; a line in words stands for each. */
export function withoutOldest(job: PromptJob, count: number, from: number): FewerPictures {
  const { media } = job.parts;
  if (!media || count === 0) return { job, leftOut: 0 };
  const out = new Set(olderPictures(job, from).slice(0, count));
  const shown: typeof media = (file) => (out.has(file.id) ? null : media(file));
  return { job: { ...job, parts: { ...job.parts, media: shown } }, leftOut: count };
}

/**
 * Leaves out as few of the older pictures as it takes, though some more than that: else the next question would have to leave out
 * another, and the engine to read all again.
 * @returns null where it does not fit even without all of them
 */
export function withFewerPictures(job: PromptJob, from: number, { limit, perGuessed }: Budget): FewerPictures | null {
  const known = from === 0 ? (lastTreatment(job.branch, 'pictures-dropped')?.pictures ?? 0) : 0;
  const most = olderPictures(job, from).length;
  let least: FewerPictures | null = null;
  for (let count = Math.min(known, most); count <= most; count += 1) {
    const fewer = withoutOldest(job, count, from);
    const { branch, continued, parts } = fewer.job;
    const tokens = estimateOf(turnsOf(branch.slice(from), continued, parts)) * perGuessed;
    if (tokens > limit) continue;
    if (count === known || tokens <= limit * headroom) return fewer;
    least ??= fewer;
  }
  return least;
}
