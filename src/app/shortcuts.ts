export type Shortcut = 'search' | 'new-chat';

/** Ctrl or Cmd with K searches the chats, with Shift and O begins a new one. */
export function shortcutOf({ ctrlKey, metaKey, shiftKey, altKey, key }: KeyboardEvent): Shortcut | null {
  if (!(ctrlKey || metaKey) || altKey) return null;
  if (key.toLowerCase() === 'k' && !shiftKey) return 'search';
  if (key.toLowerCase() === 'o' && shiftKey) return 'new-chat';
  return null;
}
