/** Which keys do what. With Ctrl or Cmd they work everywhere; alone only where nobody types, and only if the person wants it. */
import { belongsToInputMethod } from '../ui/input-method';

export type Shortcut =
  'help' | 'new-chat' | 'search' | 'compose' | 'stop' | 'copy-last' | 'edit-last' | 'model' | 'lock';

interface Chord {
  readonly key: string;
  /** Ctrl, or Cmd on a Mac. */
  readonly command?: boolean;
  readonly shift?: boolean;
  /** Only in a message box in which nothing has been written: elsewhere the key moves the cursor. */
  readonly inEmptyField?: boolean;
}

/** In the order in which they are listed. A chord of a character alone is for those who do not type. */
export const chords: Readonly<Record<Shortcut, readonly Chord[]>> = {
  help: [{ key: '?' }],
  'new-chat': [{ key: 'o', command: true, shift: true }, { key: 'n' }],
  search: [{ key: 'k', command: true }, { key: '/' }],
  compose: [{ key: 'Escape', shift: true }, { key: 'i' }],
  stop: [{ key: 'Escape' }],
  'copy-last': [{ key: 'c', command: true, shift: true }, { key: 'c' }],
  'edit-last': [{ key: 'ArrowUp', inEmptyField: true }, { key: 'e' }],
  model: [{ key: 'm' }],
  lock: [{ key: 'l', command: true, shift: true }],
};

const isCharacter = ({ key, command }: Chord): boolean => key.length === 1 && !command;

function isPressed({ key, command = false, shift = false }: Chord, event: KeyboardEvent): boolean {
  if (event.altKey || (event.ctrlKey || event.metaKey) !== command) return false;
  // "?" and "/" lie behind Shift on some keyboards and not on others.
  const anyShift = key.length === 1 && !/[a-z]/.test(key);
  return event.key.toLowerCase() === key.toLowerCase() && (anyShift || event.shiftKey === shift);
}

/** Whether what has the focus takes letters. */
function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement)
    return true;
  return target instanceof HTMLInputElement && !/^(?:button|checkbox|file|radio|range|reset|submit)$/.test(target.type);
}

/** A window or a menu has keys of its own: Escape closes it, letters look for its entries. */
const isElsewhere = (): boolean => document.querySelector('[role=dialog], [role=alertdialog], [role=menu]') !== null;

/**
 * @param characters whether characters alone count; a person who speaks to the machine or whose hands tremble can turn them off
 */
export function shortcutOf(event: KeyboardEvent, characters: boolean): Shortcut | null {
  // Held keys, and what somebody has handled already.
  if (belongsToInputMethod(event) || event.repeat || event.defaultPrevented) return null;
  for (const [shortcut, [...ways]] of Object.entries(chords) as [Shortcut, readonly Chord[]][]) {
    for (const chord of ways) {
      if (!isPressed(chord, event)) continue;
      if (isCharacter(chord) && (!characters || isTyping(event.target))) continue;
      if (chord.inEmptyField && !(event.target instanceof HTMLTextAreaElement && event.target.value === '')) continue;
      if (!chord.command && isElsewhere()) continue;
      return shortcut;
    }
  }
  return null;
}

/** "Ctrl + Shift + O", as the keys are called on this machine. */
export function namesOf({ key, command = false, shift = false }: Chord, isMac: boolean): readonly string[] {
  const names: Readonly<Record<string, string>> = { Escape: 'Esc', ArrowUp: '↑' };
  return [
    ...(command ? [isMac ? '⌘' : 'Ctrl'] : []),
    ...(shift ? [isMac ? '⇧' : 'Shift'] : []),
    names[key] ?? (command ? key.toUpperCase() : key),
  ];
}
