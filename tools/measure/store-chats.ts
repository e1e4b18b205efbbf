/** Chats that were never had, for measurements of an app with many. */

/** A conversation of two messages. */
export interface MadeUpChat {
  readonly title: string;
  readonly question: string;
  readonly answer: string;
}

/** Puts them into the store as the app itself writes them, a minute apart. Runs in the page, so it knows nothing of this file. */
export async function storeChats(chats: readonly MadeUpChat[]): Promise<void> {
  const opening = indexedDB.open('sotto-chats');
  await new Promise((resolve, reject) => {
    opening.onsuccess = resolve;
    opening.onerror = reject;
  });
  const transaction = opening.result.transaction(['conversations', 'messages'], 'readwrite');
  const conversations = transaction.objectStore('conversations');
  const messages = transaction.objectStore('messages');
  for (const [index, { title, question, answer }] of chats.entries()) {
    const at = 1_700_000_000_000 + index * 60_000;
    const id = `conversation-${index}`;
    conversations.put({ id, title, createdAt: at, updatedAt: at, activeLeafId: `a${index}` });
    const base = { conversationId: id, createdAt: at };
    messages.put({ ...base, role: 'user', id: `q${index}`, parentId: null, text: question });
    messages.put({
      ...base,
      role: 'assistant',
      id: `a${index}`,
      parentId: `q${index}`,
      text: answer,
      state: 'whole',
      modelId: 'guide',
      modelName: 'Guide',
    });
  }
  await new Promise((resolve, reject) => {
    transaction.oncomplete = resolve;
    transaction.onerror = reject;
  });
  opening.result.close();
}

export const numberedChats = (count: number): readonly MadeUpChat[] =>
  Array.from({ length: count }, (_, index) => ({
    title: `Question number ${index} about something`,
    question: `Question number ${index}`,
    answer: 'An answer of a few lines. '.repeat(20),
  }));
