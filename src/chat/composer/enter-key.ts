import { belongsToInputMethod } from '../../ui/input-method';

/**
 * Whether a key means "send". Enter does on a desktop and never on glass: a touch keyboard has no Shift+Enter worth the name, but
 * a button within reach of the thumb. (Phones with a pen say that they have a fine pointer, too; so only the first one counts.)
 */
export function entersBySending(event: KeyboardEvent): boolean {
  if (event.key !== 'Enter' || event.shiftKey || event.altKey) return false;
  if (belongsToInputMethod(event)) return false;
  // With Ctrl or Cmd it is meant on any keyboard there is.
  return event.ctrlKey || event.metaKey || !matchMedia('(pointer: coarse)').matches;
}
