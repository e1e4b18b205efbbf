/** How this device is called in results. Kept with the settings, and deleted with them. */
const idKey = 'sotto.benchmark.device';
const labelKey = 'sotto.benchmark.label';
const longestLabel = 60;

const read = (key: string): string | null => {
  try {
    return localStorage.getItem(key);
  } catch {
    // Some private modes throw at the mere touch of it.
    return null;
  }
};

function write(key: string, value: string): void {
  try {
    localStorage.setItem(key, value);
  } catch {
    // Then it holds for this visit.
  }
}

export class DeviceIdentity {
  readonly id: string;
  #label = $state('');

  constructor() {
    const known = read(idKey);
    this.id = known ?? crypto.randomUUID();
    if (known === null) write(idKey, this.id);
    this.#label = read(labelKey) ?? '';
  }

  /** What the person calls it; empty unless told. */
  get label(): string {
    return this.#label;
  }

  rename(label: string): void {
    this.#label = label.slice(0, longestLabel);
    write(labelKey, this.#label);
  }
}
