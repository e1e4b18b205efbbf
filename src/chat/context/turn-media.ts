import type { AttachmentId, AttachmentRef } from '../../shared/domain/attachment';
import type { TurnMedia } from '../../shared/domain/senses';
import type { Message } from '../../shared/domain/conversation';
import type { ActiveModel } from '../../engine/active-model.svelte';
import { attached } from '../files/attachment-texts';
import type { PendingFile } from '../files/pending-files.svelte';
import type { PromptParts } from '../prompt';
import { pictureTokens } from './picture-tokens';

/** Whether the model in use takes pictures: as its engine says once it is loaded, else as is known of it. */
export const sees = ({ loaded, chosen }: Pick<ActiveModel, 'loaded' | 'chosen'>): boolean =>
  (loaded ? loaded.senses : chosen.senses)?.sees === true;

type MediaOf = NonNullable<PromptParts['media']>;

/** Pictures for a prompt. @param pictures those that can be read */
export const mediaFrom =
  (pictures: ReadonlyMap<AttachmentId, Blob>): MediaOf =>
  ({ id, picture }: AttachmentRef): TurnMedia | null => {
    const blob = pictures.get(id);
    return picture && blob ? { kind: 'picture', blob, tokens: pictureTokens(picture) } : null;
  };

const nothing = new Blob([]);

/** For prompts that are only estimated. */
export const guessedMedia: MediaOf = ({ picture }) =>
  picture ? { kind: 'picture', blob: nothing, tokens: pictureTokens(picture) } : null;

interface PicturedSession {
  pictures(files: readonly AttachmentRef[]): Promise<ReadonlyMap<AttachmentId, Blob>>;
}

/** Pictures of messages, and of files that wait. */
export async function mediaOf(
  session: PicturedSession,
  branch: readonly Message[],
  waiting: readonly PendingFile[],
): Promise<MediaOf> {
  const pictures = new Map(await session.pictures(branch.flatMap(attached)));
  for (const { id, file, picture } of waiting) if (picture) pictures.set(id, file);
  return mediaFrom(pictures);
}
