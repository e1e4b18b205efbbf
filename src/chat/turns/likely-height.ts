import type { Message } from '../../shared/domain/conversation';

const lineHeight = 26;
const charactersInLine = 74;
/** Of the buttons and figures below it. */
const footer = 62;

/**
 * The height of a message in px, guessed from its text: what the scroll bar goes by until the message has once been near enough to
 * be laid out. Chinese characters are twice as wide.
 */
export function likelyHeight({ text }: Message): number {
  let lines = 0;
  for (const line of text.split('\n', 400)) {
    const wide = line.length > 40 && /[\u3000-\u9fff]/.test(line) ? 2 : 1;
    lines += Math.max(line === '' ? 0.5 : 1, Math.ceil((line.length * wide) / charactersInLine));
  }
  return Math.round(lines * lineHeight + footer);
}
