/** What of a conversation can be found. Pure, the same for the page and for the search worker. */
import type { AttachmentId, AttachmentRef } from './attachment';
import type { Conversation, Message } from './conversation';
import { shownBranch } from './message-tree';
import type { SearchDocument } from '../protocol/search';

/** More of a file than any model reads; an index of all of a large table would fill the memory. */
const mostFileCharacters = 1_000_000;

const attached = (message: Message): readonly AttachmentRef[] =>
  message.role === 'user' ? (message.attachments ?? []) : [];

export const filesOf = (messages: readonly Message[]): ReadonlySet<AttachmentId> =>
  new Set(messages.flatMap(attached).map(({ id }) => id));

/** @param fileTexts of the attached files, as far as they could be read */
export function searchDocument(
  conversation: Conversation,
  messages: readonly Message[],
  fileTexts: ReadonlyMap<AttachmentId, string>,
): SearchDocument {
  const { id, title, updatedAt } = conversation;
  const shown = new Set(shownBranch(conversation, messages));
  const inOrder = [...shown, ...messages.filter((message) => !shown.has(message))];
  return {
    id,
    title,
    updatedAt,
    messages: inOrder.map((message) => ({ messageId: message.id, text: message.text, fileName: null })),
    files: inOrder.flatMap((message) =>
      attached(message).map(({ id: fileId, name, picture }) => ({
        messageId: message.id,
        text: (picture ? (picture.description ?? '') : (fileTexts.get(fileId) ?? '')).slice(0, mostFileCharacters),
        fileName: name,
      })),
    ),
  };
}
