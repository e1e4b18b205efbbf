import type { Attachment } from 'svelte/attachments';

/** So near to the end counts as at the end: sub-pixel heights and a half scrolled wheel. */
const nearPx = 48;

/**
 * The only one that scrolls the conversation. It keeps the end in sight while text grows, until the reader scrolls up.
 *
 * Heights are told by a ResizeObserver after layout; reading them after each token would force a layout for each token.
 */
export class StickToBottom {
  #stuck = $state(true);
  #scroller: HTMLElement | null = null;
  #lastTop = 0;

  /** False while the reader is somewhere else. */
  get stuck(): boolean {
    return this.#stuck;
  }

  /** For the element that scrolls; its first child is what grows. */
  readonly attach: Attachment<HTMLElement> = (scroller) => {
    this.#scroller = scroller;
    this.#stuck = true;
    const observer = new ResizeObserver(() => this.#follow());
    observer.observe(scroller);
    if (scroller.firstElementChild) observer.observe(scroller.firstElementChild);
    const onScroll = (): void => this.#scrolled(scroller);
    scroller.addEventListener('scroll', onScroll, { passive: true });
    return () => {
      observer.disconnect();
      scroller.removeEventListener('scroll', onScroll);
      this.#scroller = null;
    };
  };

  jump(): void {
    this.#stuck = true;
    this.#follow();
  }

  #follow(): void {
    if (!this.#stuck || !this.#scroller) return;
    this.#scroller.scrollTop = this.#scroller.scrollHeight;
    this.#lastTop = this.#scroller.scrollTop;
  }

  #scrolled(scroller: HTMLElement): void {
    const { scrollTop, scrollHeight, clientHeight } = scroller;
    const rest = scrollHeight - clientHeight - scrollTop;
    // Upwards is always the reader: we only ever scroll down. Content that shrinks also moves up, but then the end is near.
    if (scrollTop < this.#lastTop - 1 && rest > 2) this.#stuck = false;
    else if (rest < nearPx) this.#stuck = true;
    this.#lastTop = scrollTop;
  }
}
