import { keepText, keptText } from './local-text';

/** Something that a person turns on or off, and that stays so. */
export class KeptSwitch {
  #on = $state(true);

  /** @param told hears how it stands, from the start */
  constructor(
    private readonly storageKey: string,
    private readonly told: (on: boolean) => void = () => {},
    /** How it stands until then. */
    usually: 'on' | 'off' = 'on',
  ) {
    this.#on = (keptText(storageKey) ?? usually) !== 'off';
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
