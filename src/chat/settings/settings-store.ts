import type { ChatSettings } from '../../contracts/chat-settings';

/** Where the defaults for all conversations are kept. Rejections are `FailureError`s. */
export interface SettingsStore {
  /** Empty where nothing has been set. */
  read(): Promise<ChatSettings>;
  write(settings: ChatSettings): Promise<void>;
}

const storageKey = 'sotto.answer-defaults';

/** For this browser profile, in its local storage. */
export class LocalSettings implements SettingsStore {
  read(): Promise<ChatSettings> {
    try {
      const value: unknown = JSON.parse(localStorage.getItem(storageKey) ?? '{}');
      return Promise.resolve(typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {});
    } catch {
      return Promise.resolve({});
    }
  }

  write(settings: ChatSettings): Promise<void> {
    try {
      localStorage.setItem(storageKey, JSON.stringify(settings));
    } catch {
      // Kept for this visit only.
    }
    return Promise.resolve();
  }
}
