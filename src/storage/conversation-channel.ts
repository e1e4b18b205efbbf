import type { ConversationId } from '../contracts/conversation';

const channelName = 'sotto-conversations';

/** Tells the other tabs which conversation was written or deleted, and hears it from them. */
export class ConversationChannel {
  readonly #channel = 'BroadcastChannel' in globalThis ? new BroadcastChannel(channelName) : null;
  readonly #listeners = new Set<(id: ConversationId) => void>();

  constructor() {
    this.#channel?.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
      if (typeof data === 'string') for (const listener of this.#listeners) listener(data);
    });
  }

  announce(id: ConversationId): void {
    this.#channel?.postMessage(id);
  }

  listen(listener: (id: ConversationId) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
