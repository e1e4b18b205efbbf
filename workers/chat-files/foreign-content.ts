import { isFields, textIn } from '../../src/contracts/fields';

/** Characters of one message. */
export const longestText = 10_000_000;

/** The text of a message that is a text, or a list of texts and pictures. A picture leaves its place. */
export function contentText(content: unknown): string {
  if (typeof content === 'string') return content.slice(0, longestText);
  if (!Array.isArray(content)) return '';
  return content
    .filter(isFields)
    .map(({ type, text }) => (type === 'text' ? (textIn(text, longestText) ?? '') : '[image]'))
    .join('\n\n');
}
