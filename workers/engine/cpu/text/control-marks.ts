/**
 * Tells texts of control tokens in messages from those that the template writes. A character that occurs nowhere else is put
 * into each before the template is rendered, and taken out of what it made. That changes nothing else: markers around whole
 * messages would hide blanks at their ends from templates that trim them.
 */
import type { TextPiece } from './special-tokens';

/** No characters by the Unicode standard, and free for such uses. */
const candidates = Array.from({ length: 32 }, (_, index) => String.fromCharCode(0xfdd0 + index));

export const markFor = (texts: readonly string[]): string =>
  candidates.find((candidate) => !texts.some((text) => text.includes(candidate))) ?? '\ufdd0';

/** @param starts where the texts of control tokens begin */
export function withMarks(text: string, starts: readonly number[], mark: string): string {
  let marked = '';
  let end = 0;
  for (const start of starts) {
    marked += text.slice(end, start + 1) + mark;
    end = start + 1;
  }
  return marked + text.slice(end);
}

/** The rendered text without the marks; what lay around each is plain, so that no control token is found there. */
export function cutAtMarks(rendered: string, mark: string): readonly TextPiece[] {
  const pieces: TextPiece[] = [];
  for (const [index, part] of rendered.split(mark).entries()) {
    const before = pieces.at(-1);
    if (index > 0 && before) {
      pieces[pieces.length - 1] = { ...before, text: before.text.slice(0, -1) };
      pieces.push({ text: before.text.slice(-1) + part.slice(0, 1), special: false });
    }
    pieces.push({ text: index > 0 ? part.slice(1) : part, special: true });
  }
  return pieces;
}
