/** What is said of chats that go, with the way back, and of one that cannot be shown. Nobody needs it before there is a chat. */
import { temporaryChatHash } from '../chat/temporary-chat';
import type { WholeConversation } from '../storage/conversation-repository';
import { formatCount } from '../text/formatting';
import { m } from '../text/paraglide/messages.js';
import type { RunningApp } from './running-app';

export function tellRemoved(app: RunningApp, records: readonly WholeConversation[], undo: () => void): void {
  const [only] = records.length === 1 ? records : [];
  const text = only
    ? m.chat_deleted({ title: only.conversation.title })
    : m.chats_deleted({ count: formatCount(records.length) });
  app.notices.show({ text, action: { label: m.undo(), run: undo } });
  const ids = records.map(({ conversation }) => conversation.id);
  if (app.chats.persistent) void app.attempt(async () => (await app.promptCache()).forget(ids));
}

export const tellArchived = ({ notices }: RunningApp, count: number, undo: () => void): void =>
  notices.show({
    text: m.chats_archived_now({ count: formatCount(count) }),
    action: { label: m.undo(), run: undo },
  });

/** As long as the notice stands, and not longer, there is a way back. */
export function tellTemporaryLeft({ notices, router }: RunningApp, bringBack: () => void): void {
  const run = (): void => {
    bringBack();
    router.goTo(temporaryChatHash);
  };
  notices.show({ text: m.temporary_left(), action: { label: m.undo(), run } });
}

/** What was found lies on another branch, and an answer is being written on this one. */
export const tellBranchBusy = ({ notices }: RunningApp): void => notices.show({ text: m.search_other_branch_busy() });
