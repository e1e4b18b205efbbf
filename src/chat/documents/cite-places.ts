/**
 * Numbers like [1] in an answer become buttons that open the place of this number.
 *
 * The Markdown of the answer is not touched: where a text has such a number, its node gives way to one element that holds the
 * same words. So whoever draws on finds as many nodes as before, and a model's words can open nothing but these places.
 */
/** A part of a text: words, or the number of a place, from 1. */
export type CitedPiece = string | number;

/** Also "[1, 2]" and "[1][2]". What names a place that there is not stays as it is. Pure. */
export function citedPieces(text: string, places: number): readonly CitedPiece[] {
  const pieces: CitedPiece[] = [];
  let at = 0;
  const say = (words: string): void => {
    if (words !== '') pieces.push(words);
  };
  for (const { 0: match, 1: list = '', index } of text.matchAll(/\[(\d{1,2}(?:\s?[,，、]\s?\d{1,2})*)\]/g)) {
    const numbers = list.split(/[,，、]/).map(Number);
    if (numbers.some((number) => number < 1 || number > places)) continue;
    say(text.slice(at, index));
    pieces.push(...numbers);
    at = index + match.length;
  }
  if (at === 0) return [text];
  say(text.slice(at));
  return pieces;
}

/** Words in these are a program's, an address's, or drawn by somebody else. */
const untouched = 'pre, code, a, button, .math, .plain, .cited';

function citedElement(pieces: readonly CitedPiece[], labelOf: (number: number) => string): HTMLElement {
  const element = document.createElement('span');
  element.className = 'cited';
  for (const piece of pieces) {
    if (typeof piece === 'string') {
      element.append(piece);
      continue;
    }
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'citation';
    button.textContent = `[${piece}]`;
    button.dataset['place'] = String(piece);
    button.setAttribute('aria-label', labelOf(piece));
    button.title = labelOf(piece);
    element.append(button);
  }
  return element;
}

function citeIn(root: Node, places: number, labelOf: (number: number) => string): void {
  const texts: Text[] = [];
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode())
    if (node instanceof Text && node.data.includes('[') && !node.parentElement?.closest(untouched)) texts.push(node);
  for (const text of texts) {
    const pieces = citedPieces(text.data, places);
    if (pieces.some((piece) => typeof piece === 'number')) text.replaceWith(citedElement(pieces, labelOf));
  }
}

/**
 * @param root what holds the answer, which may still grow
 * @param places how many there are
 * @param labelOf what a button says to those who do not see where it stands
 * @param open told the number that was pressed
 * @returns a function that ends it
 */
export function citePlaces(
  root: HTMLElement,
  places: number,
  labelOf: (number: number) => string,
  open: (number: number) => void,
): () => void {
  const onClick = ({ target }: MouseEvent): void => {
    const button = target instanceof Element ? target.closest<HTMLElement>('.citation') : null;
    const number = Number(button?.dataset['place']);
    if (number >= 1 && number <= places) open(number);
  };
  const cite = (): void => citeIn(root, places, labelOf);
  const watch = new MutationObserver(cite);
  watch.observe(root, { childList: true, characterData: true, subtree: true });
  root.addEventListener('click', onClick);
  cite();
  return () => {
    watch.disconnect();
    root.removeEventListener('click', onClick);
  };
}
