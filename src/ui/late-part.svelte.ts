/** A part of the app that is made when it is first wanted, and once: it goes on while another screen is looked at. */
export class LatePart<T> {
  #value = $state.raw<T | null>(null);
  #making: Promise<T> | null = null;

  constructor(private readonly make: () => Promise<T>) {}

  /** Null until it is here. */
  get value(): T | null {
    return this.#value;
  }

  /** A failure is not kept: whoever opens it again, tries again. */
  open(): Promise<T> {
    if (this.#making !== null) return this.#making;
    const making = this.make().then((value) => (this.#value = value));
    making.catch(() => (this.#making = null));
    return (this.#making = making);
  }
}
