import type { FoundPlace } from './collection';

/** Characters that are shown of a passage in a list. */
const usualLength = 320;
/** What is shown before the first word that was found. */
const leadIn = 80;

export interface Snippet {
  readonly text: string;
  readonly marks: FoundPlace['marks'];
}

/** The part of a passage around the first words that were found, in one line. Pure. */
export function snippetOf({ text, marks }: Pick<FoundPlace, 'text' | 'marks'>, length = usualLength): Snippet {
  const first = marks[0]?.[0] ?? 0;
  const wanted = Math.max(0, Math.min(first - leadIn, text.length - length));
  // Begun with a whole word.
  const from = wanted === 0 ? 0 : Math.max(wanted, text.slice(0, first).indexOf(' ', wanted) + 1);
  const to = Math.min(text.length, from + length);
  const before = from > 0 ? '… ' : '';
  const shift = before.length - from;
  return {
    // Of the same length, so that the marks stay where they are.
    text: before + text.slice(from, to).replace(/\s/g, ' ') + (to < text.length ? ' …' : ''),
    marks: marks
      .filter(([start, end]) => start >= from && end <= to)
      .map(([start, end]) => [start + shift, end + shift] as const),
  };
}
