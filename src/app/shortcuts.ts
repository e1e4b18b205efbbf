export type Shortcut = 'search' | 'new-chat' | 'lock';

/** Ctrl or Cmd with K searches the chats, with Shift and O begins a new one; with Shift and L locks. */
export function shortcutOf({ ctrlKey, metaKey, shiftKey, altKey, key }: KeyboardEvent): Shortcut | null {
  if (!(ctrlKey || metaKey) || altKey) return null;
  if (key.toLowerCase() === 'k' && !shiftKey) return 'search';
  if (key.toLowerCase() === 'o' && shiftKey) return 'new-chat';
  if (key.toLowerCase() === 'l' && shiftKey) return 'lock';
  return null;
}
