import type { Attachment } from 'svelte/attachments';

/** So near to the end counts as at the end: sub-pixel heights and a half scrolled wheel. */
const nearPx = 48;

/** What the reader reads: the element at the top of the view, and where it was. */
interface Place {
  readonly element: Element;
  readonly top: number;
}

/** How much of the conversation is below what can be seen, in px. */
const restBelow = ({ scrollTop, scrollHeight, clientHeight }: HTMLElement): number =>
  scrollHeight - clientHeight - scrollTop;

/**
 * The only one that scrolls the conversation. It keeps the end in sight while text grows, until the reader scrolls up or unfolds
 * something; from then on, what they read stays where it is, whatever grows above it.
 *
 * Heights are told by a ResizeObserver after layout; reading them after each token would force a layout for each token.
 */
export class StickToBottom {
  #stuck = $state(true);
  #below = $state(false);
  #scroller: HTMLElement | null = null;
  #lastTop = 0;
  #place: Place | null = null;

  /** @param browserAnchors whether the browser itself keeps the reader's place; Safari does not */
  constructor(private readonly browserAnchors = CSS.supports('overflow-anchor', 'auto')) {}

  /** False while the reader is somewhere else. */
  get stuck(): boolean {
    return this.#stuck;
  }

  /**
   * Whether there is something to jump to. Letting go of the end is not enough: what was unfolded can be folded again, or fit on
   * the screen from the beginning.
   */
  get leftBehind(): boolean {
    return !this.#stuck && this.#below;
  }

  /** For the element that scrolls; its first child is what grows. */
  readonly attach: Attachment<HTMLElement> = (scroller) => {
    this.#scroller = scroller;
    this.#stick(true);
    const observer = new ResizeObserver(() => this.#resized());
    observer.observe(scroller);
    if (scroller.firstElementChild) observer.observe(scroller.firstElementChild);
    const onScroll = (): void => this.#scrolled(scroller);
    // Whoever unfolds a thought wants to see it, not the end of the answer that it pushes away.
    const onClick = ({ target }: MouseEvent): void => {
      if (target instanceof Element && target.closest('summary')) this.release();
    };
    scroller.addEventListener('scroll', onScroll, { passive: true });
    scroller.addEventListener('click', onClick);
    return () => {
      observer.disconnect();
      scroller.removeEventListener('scroll', onScroll);
      scroller.removeEventListener('click', onClick);
      this.#scroller = null;
      this.#place = null;
    };
  };

  jump(): void {
    this.#stick(true);
    this.#resized();
  }

  /** Lets go of the end until the reader scrolls back to it. */
  release(): void {
    this.#stick(false);
    this.#remember();
  }

  #stick(stuck: boolean): void {
    this.#stuck = stuck;
    // Its anchoring would pull against us while we keep the end in sight.
    if (this.#scroller) this.#scroller.style.overflowAnchor = stuck || !this.browserAnchors ? 'none' : 'auto';
  }

  #resized(): void {
    const scroller = this.#scroller;
    if (!scroller) return;
    if (this.#stuck) scroller.scrollTop = scroller.scrollHeight;
    else if (!this.browserAnchors) this.#keepPlace(scroller);
    this.#lastTop = scroller.scrollTop;
    this.#below = restBelow(scroller) >= nearPx;
  }

  #keepPlace(scroller: HTMLElement): void {
    const place = this.#place;
    if (!place?.element.isConnected) return;
    const moved = place.element.getBoundingClientRect().top - place.top;
    if (Math.abs(moved) >= 1) scroller.scrollTop += moved;
  }

  #remember(): void {
    if (this.browserAnchors || !this.#scroller) return;
    const { left, top, width } = this.#scroller.getBoundingClientRect();
    const element = document.elementFromPoint(left + width / 2, top + 1);
    this.#place =
      element && element !== this.#scroller && this.#scroller.contains(element)
        ? { element, top: element.getBoundingClientRect().top }
        : null;
  }

  #scrolled(scroller: HTMLElement): void {
    const { scrollTop } = scroller;
    const rest = restBelow(scroller);
    this.#below = rest >= nearPx;
    // Upwards is always the reader: we only ever scroll down. Content that shrinks also moves up, but then the end is near.
    if (scrollTop < this.#lastTop - 1 && rest > 2) this.#stick(false);
    // Downwards to the end is the reader, too; that the end came nearer by itself is not.
    else if (rest < nearPx && scrollTop > this.#lastTop) this.#stick(true);
    this.#lastTop = scrollTop;
    if (!this.#stuck) this.#remember();
  }
}
