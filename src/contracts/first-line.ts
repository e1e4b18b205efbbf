const longestLine = 60;

/** The first line of a text, cut to a title's length: what a conversation is called until somebody finds something better. */
export function firstLine(text: string): string {
  const line = text.trim().split('\n', 1)[0] ?? '';
  return line.length > longestLine ? `${line.slice(0, longestLine - 1).trimEnd()}…` : line;
}
