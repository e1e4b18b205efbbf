/** Tells what a model thought from what it answered. */

const opener = '<think>';
const closer = '</think>';

export interface Thought {
  /** Null where there is none, or nothing in it. */
  readonly thinking: string | null;
  readonly answer: string;
  /** The thought has not come to an end. */
  readonly open: boolean;
}

/** `text` without an ending that may be the beginning of `mark`. */
function withoutBegunMark(text: string, mark: string): string {
  for (let length = Math.min(mark.length - 1, text.length); length > 0; length -= 1) {
    if (mark.startsWith(text.slice(-length))) return text.slice(0, -length);
  }
  return text;
}

const thoughtOf = (thinking: string, answer: string, open: boolean): Thought => ({
  thinking: thinking.trim() === '' ? null : thinking.trim(),
  answer: answer.trimStart(),
  open,
});

/** Where a thought ends that was never opened: some chat templates put the opener into the prompt. */
function closerWithoutOpener(text: string): number {
  const at = text.indexOf(closer);
  if (at === -1) return -1;
  const next = text[at + closer.length];
  // An answer may be about the tag itself, in the middle of a sentence or in code.
  const endsLine = next === undefined || next === '\n' || next === '\r';
  const insideFence = text.slice(0, at).split('```').length % 2 === 0;
  return endsLine && !insideFence ? at : -1;
}

/** @param growing more of the text may follow, so a tag that has only begun is not shown yet */
export function splitThinking(text: string, growing: boolean): Thought {
  const trimmed = text.trimStart();
  if (trimmed.startsWith(opener)) {
    const rest = trimmed.slice(opener.length);
    const end = rest.indexOf(closer);
    if (end !== -1) return thoughtOf(rest.slice(0, end), rest.slice(end + closer.length), false);
    return thoughtOf(growing ? withoutBegunMark(rest, closer) : rest, '', true);
  }
  if (growing && trimmed.length < opener.length && opener.startsWith(trimmed)) return thoughtOf('', '', trimmed !== '');
  const end = closerWithoutOpener(trimmed);
  if (end !== -1) return thoughtOf(trimmed.slice(0, end), trimmed.slice(end + closer.length), false);
  return thoughtOf('', text, false);
}
