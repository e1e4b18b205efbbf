import type { ChatSettings } from '../../contracts/chat-settings';
import { failureFrom, type Failure } from '../../contracts/failure';
import type { SettingsStore } from './settings-store';

/** What a person has set for all conversations. */
export class AnswerDefaults {
  #current = $state.raw<ChatSettings>({});
  #reading: Promise<void> | null = null;

  constructor(
    private readonly store: SettingsStore,
    private readonly failed: (failure: Failure) => void = () => {},
  ) {}

  /** Empty until `load` has resolved. */
  get current(): ChatSettings {
    return this.#current;
  }

  /** Reads them once. Never rejects: without them, answers are written as the model's makers recommend. */
  load(): Promise<void> {
    this.#reading ??= this.store.read().then(
      (settings) => void (this.#current = settings),
      () => {
        this.#reading = null;
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
