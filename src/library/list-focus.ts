import { belongsToInputMethod } from '../ui/input-method';

const stops = 'input[type="search"], a, label input';

/** Moves the focus with the arrow keys between the searchbox and the entries of the list below it. */
export function moveFocus(event: KeyboardEvent, area: HTMLElement): void {
  if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
  if (belongsToInputMethod(event) || event.altKey || event.ctrlKey || event.metaKey) return;
  const elements = [...area.querySelectorAll<HTMLElement>(stops)];
  const at = elements.findIndex((element) => element === document.activeElement);
  const next = at === -1 ? undefined : elements[at + (event.key === 'ArrowDown' ? 1 : -1)];
  if (!next) return;
  event.preventDefault();
  next.focus();
}
