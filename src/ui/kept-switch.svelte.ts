import { keepText, keptText } from './local-text';

/** Something that is on until a person turns it off, and stays so. */
export class KeptSwitch {
  #on = $state(true);

  /** @param told hears how it stands, from the start */
  constructor(
    private readonly storageKey: string,
    private readonly told: (on: boolean) => void = () => {},
  ) {
    this.#on = keptText(storageKey) !== 'off';
    told(this.#on);
  }

  get on(): boolean {
    return this.#on;
  }

  choose(on: boolean): void {
    this.#on = on;
    this.told(on);
    keepText(this.storageKey, on ? 'on' : 'off');
  }
}
