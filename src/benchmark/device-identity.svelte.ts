/** How this device is called in results. Kept with the settings, and deleted with them. */
import { keepText, keptText } from '../ui/local-text';

const idKey = 'sotto.benchmark.device';
const labelKey = 'sotto.benchmark.label';
const longestLabel = 60;

export class DeviceIdentity {
  readonly id: string;
  #label = $state('');

  constructor() {
    const known = keptText(idKey);
    this.id = known ?? crypto.randomUUID();
    if (known === null) keepText(idKey, this.id);
    this.#label = keptText(labelKey) ?? '';
  }

  /** What the person calls it; empty unless told. */
  get label(): string {
    return this.#label;
  }

  rename(label: string): void {
    this.#label = label.slice(0, longestLabel);
    keepText(labelKey, this.#label);
  }
}
