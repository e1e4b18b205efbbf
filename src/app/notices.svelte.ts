interface Notice {
  readonly id: number;
  readonly text: string;
  readonly action?: { readonly label: string; readonly run: () => void };
}

/** How long a notice stays, in ms: long enough to read it and reach "Undo". */
const noticeLifeMs = 10_000;

/** Short messages at the edge of the screen, with at most one action each. */
export class Notices {
  #items = $state.raw<readonly Notice[]>([]);
  #nextId = 1;

  get items(): readonly Notice[] {
    return this.#items;
  }

  show(notice: Omit<Notice, 'id'>): void {
    const id = this.#nextId++;
    this.#items = [...this.#items, { ...notice, id }];
    setTimeout(() => this.dismiss(id), noticeLifeMs);
  }

  dismiss(id: number): void {
    this.#items = this.#items.filter((item) => item.id !== id);
  }
}
