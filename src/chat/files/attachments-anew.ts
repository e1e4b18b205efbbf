import type { Attachment, AttachmentId } from '../../shared/domain/attachment';
import type { Message } from '../../shared/domain/conversation';
import { attached } from './attachment-texts';

/**
 * Files of messages, made anew from what is known of them here: their texts, which are all that a model ever reads of them, and
 * pictures, and sounds. Those of which nothing is known are left out.
 */
export const attachmentsOf = (
  messages: Iterable<Message>,
  texts: ReadonlyMap<AttachmentId, string>,
  pictures: ReadonlyMap<AttachmentId, Blob>,
): readonly Attachment[] =>
  [...messages].flatMap((message) =>
    attached(message).flatMap(({ id, name, mediaType, picture, sound }) => {
      const { conversationId, createdAt } = message;
      const facts = { id, conversationId, name, mediaType, createdAt };
      const file = pictures.get(id);
      if (picture) return file ? [{ ...facts, picture, file, text: new Blob([]) }] : [];
      if (sound) return file ? [{ ...facts, sound, file, text: new Blob([]) }] : [];
      const text = texts.get(id);
      if (text === undefined) return [];
      const content = new Blob([text], { type: 'text/plain' });
      return [{ ...facts, file: content, text: content }];
    }),
  );
