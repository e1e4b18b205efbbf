/** Names that the page and the search worker must agree on. */

export const chatsDatabaseName = 'sotto-chats';

/** The BroadcastChannel on which conversations are named that have been written or deleted. */
export const conversationChannelName = 'sotto-conversations';
