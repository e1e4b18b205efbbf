import type { AttachmentRef } from '../shared/domain/attachment';
import type { ConversationId, Message } from '../shared/domain/conversation';
import { shownBranch } from '../shared/domain/message-tree';
import { splitThinking } from '../shared/domain/thinking';
import type { ChatsStore } from '../storage/chats-store';
import type { WholeConversation } from '../storage/conversation-repository';
import { formatDay } from '../text/formatting';
import { m } from '../text/paraglide/messages.js';

/** A title in one line, in which nothing is Markdown. */
const plainTitle = (title: string): string => title.replaceAll(/\s+/g, ' ').replaceAll(/[\\`*_[\]<>#|~]/g, '\\$&');

const lineOf = ({ name, picture }: AttachmentRef): string =>
  `- ${[name, picture?.description ?? ''].filter(Boolean).map(plainTitle).join(': ')}`;

function sectionOf(message: Message): string {
  if (message.role === 'user') {
    const files = (message.attachments ?? []).map(lineOf).join('\n');
    return [`## ${m.your_message()}`, ...(files ? [files] : []), message.text].join('\n\n');
  }
  const places = (message.places ?? []).map(
    ({ documentName, page }, index) =>
      `- \\[${index + 1}\\] ${plainTitle(page === undefined ? documentName : m.docs_place({ name: documentName, page: String(page) }))}`,
  );
  return [
    `## ${m.answer()} · ${plainTitle(message.modelName)}`,
    splitThinking(message.text, false).answer,
    ...(places.length > 0 ? [`${m.docs_places()}:\n\n${places.join('\n')}`] : []),
  ].join('\n\n');
}

function conversationText({ conversation, messages }: WholeConversation): string {
  const sections = shownBranch(conversation, messages).map(sectionOf);
  return [`# ${plainTitle(conversation.title)}`, formatDay(conversation.createdAt), ...sections].join('\n\n');
}

/**
 * Conversations as one Markdown text: of each the branch that is shown, without thoughts.
 * @param ids null for all
 */
export async function exportMarkdown(store: ChatsStore, ids: readonly ConversationId[] | null): Promise<Blob> {
  const wanted = ids ?? (await store.conversations.list()).map(({ id }) => id);
  const parts: string[] = [];
  for (const id of wanted) {
    for (const record of await store.conversations.readWhole([id])) {
      if (parts.length > 0) parts.push('\n\n---\n\n');
      parts.push(conversationText(record));
    }
  }
  return new Blob([...parts, '\n'], { type: 'text/markdown' });
}
