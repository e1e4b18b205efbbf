import type { ChatSettings } from '../../shared/domain/chat-settings';

/** Where the defaults for all conversations are kept. Rejections are `FailureError`s. */
export interface SettingsStore {
  /** Empty where nothing has been set. */
  read(): Promise<ChatSettings>;
  write(settings: ChatSettings): Promise<void>;
}
