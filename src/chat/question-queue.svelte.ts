import type { PendingFile } from './files/pending-file.svelte';

export interface QueuedQuestion {
  readonly id: number;
  readonly text: string;
  readonly files: readonly PendingFile[];
}

/** Questions that were asked while an answer was still being written; each is sent when the answer before it has ended. */
export class QuestionQueue {
  #items = $state.raw<readonly QueuedQuestion[]>([]);
  #held = $state(false);
  #nextId = 1;

  /** @param changed called after each change of what waits */
  constructor(private readonly changed: () => void = () => {}) {}

  get items(): readonly QueuedQuestion[] {
    return this.#items;
  }

  /** The answer before was stopped or failed: the person decides whether the next question still makes sense. */
  get held(): boolean {
    return this.#held && this.#items.length > 0;
  }

  hold(): void {
    this.#held = true;
  }

  add(text: string, files: readonly PendingFile[] = []): void {
    this.#items = [...this.#items, { id: this.#nextId++, text, files }];
    this.#held = false;
    this.changed();
  }

  /** Takes the first one out; undefined when there is none. */
  next(): QueuedQuestion | undefined {
    const [first, ...rest] = this.#items;
    this.#items = rest;
    this.#held = false;
    return first;
  }

  /** It could not be sent: it is the next again, and waits for the person. */
  putBack(question: QueuedQuestion): void {
    this.#items = [question, ...this.#items];
    this.#held = true;
    this.changed();
  }

  remove(id: number): QueuedQuestion | undefined {
    const removed = this.#items.find((item) => item.id === id);
    this.#items = this.#items.filter((item) => item.id !== id);
    this.changed();
    return removed;
  }

  /** All of them go, and nobody is told. */
  forget(): void {
    this.#items = [];
  }
}
