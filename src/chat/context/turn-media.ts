import type { AttachmentId, AttachmentRef } from '../../shared/domain/attachment';
import { mostPictureTokens, type Senses, type TurnMedia } from '../../shared/domain/senses';
import type { Message } from '../../shared/domain/conversation';
import type { ActiveModel } from '../../engine/active-model.svelte';
import { attached, isMedia } from '../files/attachment-texts';
import type { PendingFile } from '../files/pending-file.svelte';
import type { PromptParts } from '../prompt';
import { pictureTokens, soundTokens } from './picture-tokens';

type SensingModel = Pick<ActiveModel, 'loaded' | 'chosen'>;

const sensesOf = ({ loaded, chosen }: SensingModel): Senses | undefined => (loaded ? loaded.senses : chosen.senses);

/** Whether the model in use takes pictures: as its engine says once it is loaded, else as is known of it. */
export const sees = (model: SensingModel): boolean => sensesOf(model)?.sees === true;
/** Whether it takes sounds. */
export const hears = (model: SensingModel): boolean => sensesOf(model)?.hears === true;

/** Whether it takes anything beside words. */
export const takesMedia = (model: SensingModel): boolean => sees(model) || hears(model);

/** Tokens that a picture has at most: as its engine cuts it down, where that is known; a server takes it as it is. */
export function mostOfPicture({ loaded, chosen }: SensingModel): number {
  const backend = loaded?.backend ?? (chosen.source.kind === 'server' ? 'server' : 'webgpu');
  return backend === 'server' ? Infinity : mostPictureTokens[backend];
}

type MediaOf = NonNullable<PromptParts['media']>;

/** Pictures and sounds for a prompt, as far as the model takes them. @param blobs those that can be read */
export const mediaFrom =
  (blobs: ReadonlyMap<AttachmentId, Blob>, model: SensingModel): MediaOf =>
  ({ id, picture, sound }: AttachmentRef): TurnMedia | null => {
    const blob = blobs.get(id);
    if (picture && blob && sees(model))
      return { kind: 'picture', blob, tokens: pictureTokens(picture, mostOfPicture(model)) };
    return sound && blob && hears(model) ? { kind: 'sound', blob, tokens: soundTokens(sound) } : null;
  };

const nothing = new Blob([]);

/** For prompts that are only estimated. */
export const guessedMedia =
  (model: SensingModel): MediaOf =>
  (file) =>
    mediaFrom(new Map([[file.id, nothing]]), model)(file);

interface PicturedSession {
  pictures(files: readonly AttachmentRef[]): Promise<ReadonlyMap<AttachmentId, Blob>>;
}

/** Pictures and sounds of messages, and of files that wait. */
export async function mediaOf(
  session: PicturedSession,
  branch: readonly Message[],
  waiting: readonly PendingFile[],
  model: SensingModel,
): Promise<MediaOf> {
  const pictures = new Map(await session.pictures(branch.flatMap(attached)));
  for (const pending of waiting) if (isMedia(pending)) pictures.set(pending.id, pending.file);
  return mediaFrom(pictures, model);
}
