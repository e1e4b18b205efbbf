/** The parts of a formula that cannot be broken. */
const unbreakable = '.katex-base';

/** How wide it is at its size; the rest of a page's width is left for what stands around it. */
function sizeOfWidth(formula: HTMLElement): number | null {
  const widths = [...formula.querySelectorAll(unbreakable)].map((part) => part.getBoundingClientRect().width);
  const widest = Math.max(0, ...widths);
  return widest === 0 ? null : parseFloat(getComputedStyle(formula).fontSize) / widest;
}

/**
 * Before a page is printed: tells the style sheet of each formula how large its letters are in proportion to its widest part, so
 * that it can be made to fit on paper, whose width no script knows.
 */
export function fitFormulas(text: ParentNode): void {
  for (const formula of text.querySelectorAll<HTMLElement>('.katex')) {
    const size = sizeOfWidth(formula);
    // A hair less: rounding must not cost the last letter.
    if (size !== null) formula.style.setProperty('--size-of-width', String(size * 0.99));
  }
}
