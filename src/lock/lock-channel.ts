import { lockChannelName, type LockMessage } from '../shared/domain/lock';

/** What the tabs tell each other of the lock. */
export class LockChannel {
  readonly #channel: BroadcastChannel | null;

  constructor(listener: (message: LockMessage) => void) {
    this.#channel = 'BroadcastChannel' in globalThis ? new BroadcastChannel(lockChannelName) : null;
    this.#channel?.addEventListener('message', ({ data }: MessageEvent<LockMessage>) => listener(data));
  }

  tell(message: LockMessage): void {
    try {
      this.#channel?.postMessage(message);
    } catch {
      // A browser that cannot hand on a key. The other tabs then store nothing until they are unlocked, and say so.
    }
  }

  close(): void {
    this.#channel?.close();
  }
}
