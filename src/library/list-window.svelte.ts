import { untrack } from 'svelte';
import type { ListEntry } from './list-groups';

/** Rows beyond the edge that are drawn too, so that neither a fast finger nor the arrow keys find nothing. */
const margin = 30;

/** Which part of a long list is drawn. All rows are equally high, and so are all headings. */
export class ListWindow {
  /** What of the list is in view, in px from its beginning. */
  #top = $state(0);
  #height = $state(globalThis.innerHeight);
  #rowHeight = $state(36);
  #headingHeight = $state(32);
  readonly #headings = $derived.by(() => {
    const at: number[] = [];
    this.entries().forEach(({ heading }, index) => heading !== null && at.push(index));
    return at;
  });
  readonly #range = $derived.by(() => {
    const count = this.entries().length;
    const start = Math.max(0, this.#indexAt(this.#top) - margin);
    const end = Math.min(count, this.#indexAt(this.#top + this.#height) + 1 + margin);
    return { start, end, before: this.#offsetOf(start), after: this.#offsetOf(count) - this.#offsetOf(end) };
  });

  constructor(private readonly entries: () => readonly ListEntry[]) {}

  /** Indices of the entries to draw, and px of the rest before and after them. */
  get range(): { readonly start: number; readonly end: number; readonly before: number; readonly after: number } {
    return this.#range;
  }

  /** For the element of the list: follows whatever scrolls it, and learns how high its rows are. */
  watch(list: HTMLElement): () => void {
    const look = (): void => {
      const height = (selector: string): number => list.querySelector(selector)?.getBoundingClientRect().height ?? 0;
      this.#rowHeight = height('.row') || this.#rowHeight;
      this.#headingHeight = height('.day') || this.#headingHeight;
      this.#top = Math.max(0, -list.getBoundingClientRect().top);
      this.#height = innerHeight;
    };
    untrack(look);
    // Scrolling does not bubble, and which of the elements around scrolls depends on the height of the window.
    const onScroll = ({ target }: Event): void => {
      if (target instanceof Node && target.contains(list)) look();
    };
    addEventListener('scroll', onScroll, { capture: true, passive: true });
    addEventListener('resize', look, { passive: true });
    return () => {
      removeEventListener('scroll', onScroll, { capture: true });
      removeEventListener('resize', look);
    };
  }

  /** How many headings stand before the row of `index`, its own included. */
  #headingsBefore(index: number): number {
    let low = 0;
    let high = this.#headings.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#headings[middle] ?? 0) < index) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #offsetOf(index: number): number {
    return index * this.#rowHeight + this.#headingsBefore(index) * this.#headingHeight;
  }

  #indexAt(offset: number): number {
    let low = 0;
    let high = this.entries().length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#offsetOf(middle + 1) <= offset) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
