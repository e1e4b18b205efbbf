import { createSubscriber } from 'svelte/reactivity';

/**
 * Small facts that outlive the page, each under an id, in one entry of the browser's local storage. Where that is missing or
 * holds something else, nothing is known: all of it can be found out again. What shows such a fact follows its changes.
 */
export class KeptRecord<T> {
  #changed: () => void = () => {};
  readonly #subscribe = createSubscriber((update) => {
    this.#changed = update;
  });

  constructor(private readonly storageKey: string) {}

  get(id: string): T | undefined {
    this.#subscribe();
    return this.#read()[id];
  }

  all(): Readonly<Record<string, T>> {
    this.#subscribe();
    return this.#read();
  }

  set(id: string, value: T): void {
    this.#write({ ...this.#read(), [id]: value });
  }

  delete(id: string): void {
    const { [id]: removed, ...others } = this.#read();
    if (removed !== undefined) this.#write(others);
  }

  #read(): Record<string, T> {
    try {
      const value: unknown = JSON.parse(localStorage.getItem(this.storageKey) ?? '{}');
      return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, T>) : {};
    } catch {
      return {};
    }
  }

  #write(value: Readonly<Record<string, T>>): void {
    try {
      localStorage.setItem(this.storageKey, JSON.stringify(value));
    } catch {
      // Full, or turned off.
    }
    this.#changed();
  }
}
