/** What the person says of electricity and prices, kept in this browser. */
import type { PowerSettings } from '../../results/cost';
import {
  hostedPrices,
  noPriceEdits,
  readPriceEdits,
  type HostedPrice,
  type PriceEdits,
} from '../../results/hosted-prices';

const storageKey = 'sotto.lab.costs';

const unsetPower: PowerSettings = {
  watts: null,
  pricePerKwh: null,
  devicePrice: null,
  currency: 'USD',
  perDollar: 1,
};

const amountOf = (value: unknown): number | null =>
  typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : null;

/** What was stored may be of an older version, or broken: each figure counts by itself. */
function powerFrom(stored: unknown): PowerSettings {
  if (typeof stored !== 'object' || stored === null) return unsetPower;
  const { watts, pricePerKwh, devicePrice, currency, perDollar } = stored as Record<string, unknown>;
  return {
    watts: amountOf(watts),
    pricePerKwh: amountOf(pricePerKwh),
    devicePrice: amountOf(devicePrice),
    currency: typeof currency === 'string' && /^[A-Z]{3}$/.test(currency) ? currency : unsetPower.currency,
    perDollar: amountOf(perDollar) || unsetPower.perDollar,
  };
}

function read(): { readonly power: PowerSettings; readonly edits: PriceEdits } {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(storageKey) ?? 'null');
    if (typeof stored !== 'object' || stored === null) return { power: unsetPower, edits: noPriceEdits };
    const { power, edits } = stored as Record<string, unknown>;
    return { power: powerFrom(power), edits: readPriceEdits(edits) };
  } catch {
    return { power: unsetPower, edits: noPriceEdits };
  }
}

export class CostSettings {
  #power = $state.raw(unsetPower);
  #edits = $state.raw(noPriceEdits);

  constructor() {
    ({ power: this.#power, edits: this.#edits } = read());
  }

  get power(): PowerSettings {
    return this.#power;
  }

  get prices(): readonly HostedPrice[] {
    return hostedPrices(this.#edits);
  }

  get edited(): boolean {
    return this.#edits.changed.length > 0 || this.#edits.removed.length > 0;
  }

  setPower(change: Partial<PowerSettings>): void {
    this.#power = { ...this.#power, ...change };
    this.#write();
  }

  setPrice(price: Pick<HostedPrice, 'id' | 'name' | 'inputPerMillion' | 'outputPerMillion'>): void {
    const { id, name, inputPerMillion, outputPerMillion } = price;
    const changed = { id, name, inputPerMillion, outputPerMillion, at: Date.now() };
    const others = this.#edits.changed.filter((other) => other.id !== id);
    this.#edits = { changed: [...others, changed], removed: this.#edits.removed.filter((other) => other !== id) };
    this.#write();
  }

  removePrice(id: string): void {
    const changed = this.#edits.changed.filter((other) => other.id !== id);
    this.#edits = { changed, removed: [...this.#edits.removed.filter((other) => other !== id), id] };
    this.#write();
  }

  /** The prices as they were shipped. */
  resetPrices(): void {
    this.#edits = noPriceEdits;
    this.#write();
  }

  #write(): void {
    try {
      localStorage.setItem(storageKey, JSON.stringify({ power: this.#power, edits: this.#edits }));
    } catch {
      // Then it holds for this visit.
    }
  }
}
