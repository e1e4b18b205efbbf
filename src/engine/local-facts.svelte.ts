import { keepText, keptText } from '../ui/local-text';

/**
 * Small facts that outlive the page, each under an id, in one entry of the browser's local storage. Where that is missing or
 * holds something else, nothing is known: all of it can be found out again. What shows such a fact follows its changes.
 */
export class LocalFacts<T> {
  #changes = $state.raw({});
  /** What was read last: lists ask for each of their rows, and parsing it takes longer than comparing. */
  #last: { readonly text: string; readonly value: Record<string, T> } = { text: '{}', value: {} };

  constructor(private readonly storageKey: string) {}

  get(id: string): T | undefined {
    return this.all()[id];
  }

  all(): Readonly<Record<string, T>> {
    // Whoever shows it is told of changes.
    void this.#changes;
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
      const text = keptText(this.storageKey) ?? '{}';
      if (text === this.#last.text) return this.#last.value;
      const parsed: unknown = JSON.parse(text);
      const isRecord = typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed);
      const value = isRecord ? (parsed as Record<string, T>) : {};
      this.#last = { text, value };
      return value;
    } catch {
      return {};
    }
  }

  #write(value: Readonly<Record<string, T>>): void {
    keepText(this.storageKey, JSON.stringify(value));
    this.#changes = {};
  }
}
