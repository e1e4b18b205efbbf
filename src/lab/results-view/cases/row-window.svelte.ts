/** Rows beyond the edge that are drawn too, so that neither a fast finger nor the Tab key finds nothing. */
const margin = 12;
/** Rows come and go in steps of so many: one is no reason to draw again, and many at once would be felt. */
const step = 4;

/** Which rows of a long table are drawn, inside an element that scrolls. All rows are equally high. */
export class RowWindow {
  #top = $state(0);
  #height = $state(640);
  #rowHeight = $state(40);
  readonly #range = $derived.by(() => {
    const count = this.count();
    const first = Math.floor(this.#top / this.#rowHeight) - margin;
    const start = Math.max(0, Math.min(count, Math.floor(first / step) * step));
    const seen = Math.ceil(this.#height / this.#rowHeight);
    const end = Math.min(count, start + seen + 2 * margin + step);
    return { start, end, before: start * this.#rowHeight, after: (count - end) * this.#rowHeight };
  });

  constructor(private readonly count: () => number) {}

  /** Indices of the rows to draw, and px of the rest before and after them. */
  get range(): { readonly start: number; readonly end: number; readonly before: number; readonly after: number } {
    return this.#range;
  }

  /** For the element that scrolls: follows it, and learns how high its rows are. */
  readonly watch = (scroller: HTMLElement): (() => void) => {
    const measure = (): void => {
      this.#height = scroller.clientHeight;
      const height = scroller.querySelector('tbody tr[data-row]')?.getBoundingClientRect().height ?? 0;
      if (height > 0) this.#rowHeight = height;
    };
    const follow = (): void => void (this.#top = scroller.scrollTop);
    const resized = new ResizeObserver(measure);
    resized.observe(scroller);
    scroller.addEventListener('scroll', follow, { passive: true });
    return () => {
      resized.disconnect();
      scroller.removeEventListener('scroll', follow);
    };
  };
}
