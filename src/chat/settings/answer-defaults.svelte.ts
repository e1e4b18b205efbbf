import type { ChatSettings } from '../../shared/domain/chat-settings';
import { failureFrom, type Failure } from '../../shared/protocol/failure';
import type { SettingsStore } from './settings-store';

/** What a person has set for all conversations. */
export class AnswerDefaults {
  #current = $state.raw<ChatSettings>({});
  #reading: Promise<Failure | null> | null = null;

  constructor(
    private readonly store: SettingsStore,
    private readonly failed: (failure: Failure) => void = () => {},
  ) {}

  /** Empty until `load` has resolved. */
  get current(): ChatSettings {
    return this.#current;
  }

  /** Reads them once. Never rejects. @returns why they could not be read; the next call then tries again */
  load(): Promise<Failure | null> {
    this.#reading ??= this.store.read().then(
      (settings) => {
        this.#current = settings;
        return null;
      },
      (error: unknown) => {
        this.#reading = null;
        return failureFrom(error, 'storage-unavailable');
      },
    );
    return this.#reading;
  }

  async change(settings: ChatSettings): Promise<void> {
    this.#current = settings;
    try {
      await this.store.write(settings);
    } catch (error) {
      this.failed(failureFrom(error, 'storage-unavailable'));
    }
  }
}
