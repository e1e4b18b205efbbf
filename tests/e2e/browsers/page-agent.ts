/**
 * Runs inside the page under test, in browsers that Playwright cannot drive: finds elements by role and accessible name, tells
 * what is seen of them, and stands in for the two dialogs that belong to the browser itself, choosing and saving a file.
 */
import { computeAccessibleName, getRole, isDisabled, isInaccessible } from 'dom-accessibility-api';
import type { ChosenFile, ClickPoint, ElementState, OfferedFile, RoleMatch, Step, TextMatch } from './steps';

const squeezed = (text: string): string => text.replace(/\s+/g, ' ').trim();

function fits(text: string, match: TextMatch): boolean {
  if ('pattern' in match) return new RegExp(match.pattern, match.flags).test(text);
  const wanted = squeezed(match.text);
  return match.exact ? squeezed(text) === wanted : squeezed(text).toLowerCase().includes(wanted.toLowerCase());
}

/** Roles that the library does not derive, as it needs them for no name. */
const moreRoles: Readonly<Record<string, string>> = { meter: 'meter', search: 'search', hr: 'separator' };

function roleOf(element: Element): string | null {
  if (element instanceof HTMLTableCellElement && element.scope === 'row') return 'rowheader';
  return getRole(element) ?? moreRoles[element.localName] ?? null;
}

function hasRole(element: Element, { role, name, level }: RoleMatch): boolean {
  if (roleOf(element) !== role) return false;
  if (level !== undefined && element.localName !== `h${level}` && element.ariaLevel !== String(level)) return false;
  if (isInaccessible(element)) return false;
  return name === undefined || fits(computeAccessibleName(element), name);
}

/** The innermost elements with the text, as a person would point at them. */
function withText(root: ParentNode, match: TextMatch): Element[] {
  const fitting = [...root.querySelectorAll('body *')].filter(
    (element) => !/^(script|style|noscript|template)$/.test(element.localName) && fits(element.textContent, match),
  );
  return fitting.filter((element) => ![...element.children].some((child) => fits(child.textContent, match)));
}

function labeled(root: ParentNode, match: TextMatch): Element[] {
  return [...root.querySelectorAll('input, textarea, select, [aria-label], [aria-labelledby]')].filter((element) =>
    fits(computeAccessibleName(element), match),
  );
}

const inDocumentOrder = (elements: Iterable<Element>): Element[] =>
  [...new Set(elements)].sort((a, b) => (a.compareDocumentPosition(b) & Node.DOCUMENT_POSITION_FOLLOWING ? -1 : 1));

function within(roots: readonly ParentNode[], search: (root: ParentNode) => Iterable<Element>): Element[] {
  return inDocumentOrder(roots.flatMap((root) => [...search(root)]));
}

function find(steps: readonly Step[]): Element[] {
  let roots: readonly ParentNode[] = [document];
  for (const step of steps) roots = follow(roots, step, steps);
  return roots.filter((root) => root instanceof Element);
}

function follow(roots: readonly ParentNode[], step: Step, steps: readonly Step[]): readonly ParentNode[] {
  switch (step.by) {
    case 'role':
      return within(roots, (root) => [...root.querySelectorAll('*')].filter((one) => hasRole(one, step.match)));
    case 'text':
      return within(roots, (root) => withText(root, step.match));
    case 'label':
      return within(roots, (root) => labeled(root, step.match));
    case 'css':
      return within(roots, (root) => root.querySelectorAll(step.selector));
    case 'has-text':
      return roots.filter((root) => fits(root.textContent ?? '', step.match));
    case 'index':
      return roots.slice(step.index, step.index === -1 ? undefined : step.index + 1);
    case 'or':
      return inDocumentOrder([...roots.filter((root) => root instanceof Element), ...find(step.steps)]);
    default:
      throw new Error(`no such step: ${JSON.stringify(step satisfies never)} in ${JSON.stringify(steps)}`);
  }
}

function isVisible(element: Element): boolean {
  const { width, height } = element.getBoundingClientRect();
  return width > 0 && height > 0 && getComputedStyle(element).visibility === 'visible';
}

const valueOf = (element: Element): string =>
  element instanceof HTMLInputElement || element instanceof HTMLTextAreaElement || element instanceof HTMLSelectElement
    ? element.value
    : '';

const isChecked = (element: Element): boolean =>
  element instanceof HTMLInputElement ? element.checked : element.ariaChecked === 'true';

function stateOf(element: Element): ElementState {
  return {
    textContent: element.textContent,
    innerText: element instanceof HTMLElement ? element.innerText : element.textContent,
    value: valueOf(element),
    visible: isVisible(element),
    enabled: !isDisabled(element) && element.ariaDisabled !== 'true',
    checked: isChecked(element),
    attributes: Object.fromEntries([...element.attributes].map(({ name, value }) => [name, value])),
  };
}

/** The only one that the steps lead to. @throws in words, for one that is missing, and for several */
function only(steps: readonly Step[]): HTMLElement {
  const [element, ...others] = find(steps);
  if (others.length > 0) throw new Error(`${others.length + 1} elements instead of one`);
  if (!(element instanceof HTMLElement)) throw new Error('no such element');
  return element;
}

const nextFrame = (): Promise<unknown> => new Promise((resolve) => requestAnimationFrame(resolve));

let clickGuard: { hit: boolean | null; end(): void } | null = null;

/** Until the click has come: it counts only if it meets the element. A page that moves under it gets to feel nothing. */
function guardClick(element: Element): void {
  clickGuard?.end();
  const events = ['pointerdown', 'mousedown', 'pointerup', 'mouseup', 'click'] as const;
  const guard = {
    hit: null as boolean | null,
    end: (): void => events.forEach((name) => removeEventListener(name, hear, true)),
  };
  const hear = (event: Event): void => {
    guard.hit ??= event.target instanceof Node && meets(element, event.target);
    if (!guard.hit) {
      event.preventDefault();
      event.stopImmediatePropagation();
    }
    if (event.type === 'click') guard.end();
  };
  for (const name of events) addEventListener(name, hear, true);
  clickGuard = guard;
}

/** How long a click may take from the driver to the page, in ms: with a busy processor, it may come after the driver says it is done. */
const arrivalMs = 2000;

/** Whether the click that was announced has met its element: not where none has come. Null in a page that knows of no click. */
async function clickHit(): Promise<boolean | null> {
  const guard = clickGuard;
  if (!guard) return null;
  const deadline = performance.now() + arrivalMs;
  while (guard.hit === null && performance.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 20));
  guard.end();
  return guard.hit ?? false;
}

function meets(element: Element, hit: Node): boolean {
  const label = element instanceof HTMLInputElement ? (element.labels?.[0] ?? null) : null;
  return element.contains(hit) || label?.contains(hit) === true;
}

/** Where to click, once it is seen, at rest, usable, and not covered by something else. */
async function clickPoint(steps: readonly Step[], clicks: boolean): Promise<ClickPoint> {
  const element = only(steps);
  element.scrollIntoView({ block: 'nearest', inline: 'nearest', behavior: 'instant' });
  const before = element.getBoundingClientRect();
  await nextFrame();
  await nextFrame();
  const { x, y, width, height } = element.getBoundingClientRect();
  if (!isVisible(element)) return { obstacle: 'it is not visible' };
  if (isDisabled(element)) return { obstacle: 'it is disabled' };
  if (before.x !== x || before.y !== y) return { obstacle: 'it is moving' };
  const point = { x: x + width / 2, y: y + height / 2 };
  const hit = document.elementFromPoint(point.x, point.y);
  if (!hit || !meets(element, hit))
    return { obstacle: `${hit?.outerHTML.slice(0, 120) ?? 'nothing'} is in front of it` };
  if (clicks) guardClick(element);
  return point;
}

/** Types a text in place of what a field holds, as pasting does. */
function fill(steps: readonly Step[], text: string): void {
  const field = only(steps);
  field.focus();
  const prototype: object = Object.getPrototypeOf(field) as object;
  // Svelte, like others, hears of a change by the event, and compares with what it has written itself.
  Object.getOwnPropertyDescriptor(prototype, 'value')?.set?.call(field, text);
  field.dispatchEvent(new InputEvent('input', { bubbles: true, inputType: 'insertText', data: text }));
  field.dispatchEvent(new Event('change', { bubbles: true }));
}

let chooser: HTMLInputElement | null = null;
let offered: Promise<OfferedFile> | null = null;

/** The policy of the page lets no script fetch a Blob by its address, so those that get one are remembered. */
const blobs = new Map<string, Blob>();
const createObjectURL = URL.createObjectURL.bind(URL);
URL.createObjectURL = (object: Blob | MediaSource): string => {
  const address = createObjectURL(object);
  if (object instanceof Blob) blobs.set(address, object);
  return address;
};

/** Until the next call, the browser's own dialog for choosing files stays closed, and the field that asked for it is kept. */
function catchChooser(): void {
  chooser = null;
  onceClicked('input', (element) => {
    if (!(element instanceof HTMLInputElement) || element.type !== 'file') return false;
    chooser = element;
    return true;
  });
}

const hasChooser = (): boolean => chooser !== null;

function choose(files: readonly ChosenFile[]): void {
  const transfer = new DataTransfer();
  for (const { name, mimeType, base64 } of files)
    transfer.items.add(
      new File([Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))], name, { type: mimeType }),
    );
  if (!chooser) throw new Error('no file was asked for');
  chooser.files = transfer.files;
  chooser.dispatchEvent(new Event('input', { bubbles: true }));
  chooser.dispatchEvent(new Event('change', { bubbles: true }));
}

/** The next download is kept here instead of being written to a folder. */
function catchDownload(): void {
  offered = null;
  onceClicked('a', (element) => {
    if (!(element instanceof HTMLAnchorElement) || !element.hasAttribute('download')) return false;
    offered = readOffered(element.href, element.download);
    return true;
  });
}

async function readOffered(address: string, name: string): Promise<OfferedFile> {
  const blob = blobs.get(address);
  if (!blob) throw new Error(`${address} is no Blob of this page`);
  const bytes = new Uint8Array(await blob.arrayBuffer());
  let binary = '';
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return { name, base64: btoa(binary) };
}

const download = (): Promise<OfferedFile> | null => offered;

/** Calls `take` with each element of a kind that is clicked, also one that is in no document, until it says yes; that click does nothing. */
function onceClicked(localName: 'input' | 'a', take: (element: Element) => boolean): void {
  const prototype = localName === 'input' ? HTMLInputElement.prototype : HTMLAnchorElement.prototype;
  const click = HTMLElement.prototype.click;
  const end = (): void => {
    removeEventListener('click', hear, true);
    Reflect.deleteProperty(prototype, 'click');
  };
  const hear = (event: Event): void => {
    if (!(event.target instanceof Element) || !take(event.target)) return;
    event.preventDefault();
    end();
  };
  addEventListener('click', hear, true);
  prototype.click = function (this: HTMLElement): void {
    if (!this.isConnected && take(this)) end();
    else click.call(this);
  };
}

export const agent = {
  states: (steps: readonly Step[]): ElementState[] => find(steps).map(stateOf),
  clickPoint,
  clickHit,
  fill,
  focus: (steps: readonly Step[]): void => only(steps).focus(),
  catchChooser,
  hasChooser,
  choose,
  catchDownload,
  download,
};

export type PageAgent = typeof agent;
