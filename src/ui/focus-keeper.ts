const focusable =
  'a[href], button:not(:disabled), input:not(:disabled, [type=hidden]), select:not(:disabled), textarea:not(:disabled), summary, [tabindex]';
/** These give the focus back themselves when they close. */
const passing = '[role=menu], [role=dialog], [data-keeps-no-focus]';
/** Where one does not look any further: beyond it, one would be somewhere else. */
const bounds = 'main, aside, [role=dialog], [role=alertdialog]';

const isShown = (element: HTMLElement): boolean => element.getClientRects().length > 0;

function within(node: Node | null, which: 'first' | 'last'): HTMLElement | null {
  if (!(node instanceof HTMLElement)) return null;
  const found = [node, ...node.querySelectorAll<HTMLElement>(focusable)].filter(
    (element) => element.matches(focusable) && element.tabIndex >= 0 && isShown(element),
  );
  return (which === 'first' ? found[0] : found.at(-1)) ?? null;
}

/** What takes the place of something that stood before `next` and after `previous` in `parent`: what follows, else what precedes. */
function neighbor(parent: Node, next: Node | null, previous: Node | null): HTMLElement | null {
  for (let node = next; node; node = node.nextSibling) {
    const found = within(node, 'first');
    if (found) return found;
  }
  for (let node = previous; node; node = node.previousSibling) {
    const found = within(node, 'last');
    if (found) return found;
  }
  if (!(parent instanceof HTMLElement)) return null;
  if (parent.localName === 'main') {
    const heading = parent.querySelector<HTMLElement>('h1');
    if (heading) heading.tabIndex = -1;
    return heading ?? parent;
  }
  if (parent.matches(bounds) || !parent.parentNode) return null;
  return neighbor(parent.parentNode, parent.nextSibling, parent.previousSibling);
}

/** What stands on that side now: what stood there may have been taken away in the same go. */
function stillThere(
  record: MutationRecord,
  records: readonly MutationRecord[],
  side: 'nextSibling' | 'previousSibling',
): Node | null {
  let beside = record[side];
  for (const { removedNodes, ...later } of records.slice(records.indexOf(record)).map(plain)) {
    if (beside === null || beside.isConnected) break;
    if (removedNodes.includes(beside)) beside = later[side];
  }
  return beside?.isConnected ? beside : null;
}

const plain = ({ removedNodes, nextSibling, previousSibling }: MutationRecord) => ({
  removedNodes: [...removedNodes],
  nextSibling,
  previousSibling,
});

/** A field would bring up the keyboard of a telephone over what has just changed. */
const bringsUpKeyboard = (element: HTMLElement): boolean =>
  element.matches('textarea, input:not([type=checkbox], [type=radio], [type=file])') &&
  matchMedia('(pointer: coarse)').matches;

/**
 * Where something is deleted, or gives way to something else, the focus goes with it: to the top of the page, where nobody who
 * listens or uses the keyboard has been. This moves it to what stands beside it. A part that knows of a better place puts the
 * focus there afterwards.
 */
class FocusKeeper {
  #last: HTMLElement | null = null;

  start(): void {
    const onFocus = ({ target }: FocusEvent): void => {
      if (target instanceof HTMLElement && !target.closest(passing)) this.#last = target;
    };
    document.addEventListener('focusin', onFocus);
    // Something may have it already.
    if (document.activeElement instanceof HTMLElement && document.activeElement !== document.body)
      this.#last = document.activeElement;
    new MutationObserver((records) => this.#look(records)).observe(document.body, { childList: true, subtree: true });
  }

  /** For what comes and goes over the page: puts the focus where it was before, or beside what was there. */
  restore(): void {
    if (document.activeElement !== document.body) return;
    this.#give(this.#last?.isConnected === true ? this.#last : document.querySelector('main'));
  }

  #look(records: readonly MutationRecord[]): void {
    const last = this.#last;
    if (last === null || last.isConnected) return;
    // The outermost of what was taken away, which had the focus somewhere in it, and whose surroundings are still there.
    const record = records.findLast(
      ({ target, removedNodes }) => target.isConnected && [...removedNodes].some((node) => node.contains(last)),
    );
    if (!record) return;
    const { target } = record;
    const after = stillThere(record, records, 'nextSibling');
    const before = stillThere(record, records, 'previousSibling');
    this.#last = neighbor(target, after, before);
    if (document.activeElement === document.body) this.#give(this.#last);
  }

  #give(element: HTMLElement | null): void {
    const wanted = element && bringsUpKeyboard(element) ? element.closest<HTMLElement>('main') : element;
    wanted?.focus({ preventScroll: true });
  }
}

/** One for the page. */
export const focusKeeper = new FocusKeeper();

/** Puts the focus on a heading or a region, where those who listen go on. */
export function focusOn(element: HTMLElement | null | undefined): void {
  if (!element) return;
  element.tabIndex = -1;
  element.focus({ preventScroll: true });
}
