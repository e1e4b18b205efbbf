import { conversationChannelName } from '../shared/platform/chats-database';
import { ChangeChannel } from './change-channel';

/** Names conversations. The search worker listens too. */
export class ConversationChannel extends ChangeChannel {
  constructor() {
    super(conversationChannelName);
  }
}
