const most = 2;

/** Which models a person wants to see side by side: two at most. */
export class CompareChoice {
  #ids = $state.raw<readonly string[]>([]);

  /** @param exists whether a model is still listed: one that was deleted is no longer chosen */
  constructor(private readonly exists: (id: string) => boolean = () => true) {}

  get ids(): readonly string[] {
    return this.#ids.filter((id) => this.exists(id));
  }

  has(id: string): boolean {
    return this.ids.includes(id);
  }

  /** Whether another one can be chosen, or this one let go. */
  canToggle(id: string): boolean {
    return this.has(id) || this.ids.length < most;
  }

  toggle(id: string): void {
    if (this.has(id)) this.#ids = this.ids.filter((other) => other !== id);
    else if (this.canToggle(id)) this.#ids = [...this.ids, id];
  }

  clear(): void {
    this.#ids = [];
  }
}
