import { cutText } from './cut-text';

const longestLine = 60;

/** The first line of a text, cut to a title's length: what a conversation is called until somebody finds something better. */
export function firstLine(text: string): string {
  const line =
    text
      .trim()
      .split(/[\r\n\u2028\u2029]/, 1)[0]
      ?.trimEnd() ?? '';
  return line.length > longestLine ? `${cutText(line, longestLine - 1).trimEnd()}…` : line;
}
