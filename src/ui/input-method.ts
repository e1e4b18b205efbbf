import type { Attachment } from 'svelte/attachments';

/**
 * Whether a key is for the input method, with which Chinese, Japanese and Korean are written: Enter takes a word, Escape lets it
 * go, the arrows choose. Safari tells of the key that ends a word only after it, and then by the key code alone.
 */
export const belongsToInputMethod = ({ isComposing, keyCode }: KeyboardEvent): boolean =>
  isComposing || keyCode === 229;

/** For what a library closes on Escape: it does not hear of the keys of the input method. */
export const keepsInputMethodKeys: Attachment<HTMLElement> = (element) => {
  const keep = (event: KeyboardEvent): void => {
    if (belongsToInputMethod(event)) event.stopPropagation();
  };
  element.addEventListener('keydown', keep);
  return () => element.removeEventListener('keydown', keep);
};
