import type { AddedCounts, WholeConversation } from './conversation-repository';

/** So many messages in one transaction, unless a single conversation has more: others wait while it runs. */
const mostMessages = 1000;
const mostConversations = 100;

export function* inTransactions(records: readonly WholeConversation[]): Generator<readonly WholeConversation[]> {
  let some: WholeConversation[] = [];
  let messages = 0;
  for (const record of records) {
    if (some.length === mostConversations || (some.length > 0 && messages + record.messages.length > mostMessages)) {
      yield some;
      some = [];
      messages = 0;
    }
    some.push(record);
    messages += record.messages.length;
  }
  if (some.length > 0) yield some;
}

export const addedTogether = (a: AddedCounts, b: AddedCounts): AddedCounts => ({
  conversations: a.conversations + b.conversations,
  messages: a.messages + b.messages,
});
