/** A part that is loaded when the first screen has been drawn; null until then. */
export class Late<T> {
  #value = $state.raw<T | null>(null);

  get value(): T | null {
    return this.#value;
  }

  set value(value: T | null) {
    this.#value = value;
  }
}
