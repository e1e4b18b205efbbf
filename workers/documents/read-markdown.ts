import { longestTitle, type DocumentText, type Heading } from './document-text';

// What follows the signs is taken apart by itself: one pattern for all of it takes minutes over a line of blanks.
const heading = /^ {0,3}(#{1,6})[ \t]+(\S.*)$/;
const fence = /^ {0,3}(`{3,}|~{3,})/;
const underline = /^ {0,3}(=+|-{2,})[ \t]*$/;

/** As it reads, without the signs around words, and those that close a heading. */
const plain = (title: string): string =>
  title
    .trimEnd()
    .replace(/#+$/, '')
    .replace(/[*_`]|\[([^\]]*)\]\([^)]*\)/g, '$1')
    .trim();

/** Markdown as it is, cut along its headings. Those in code are none. */
export function markdownText(text: string): DocumentText {
  const headings: Heading[] = [];
  let open: string | null = null;
  let previous = { start: 0, line: '' };
  let start = 0;
  for (const line of text.split('\n')) {
    const mark = fence.exec(line)?.[1];
    if (open !== null) {
      if (mark?.startsWith(open)) open = null;
    } else if (mark !== undefined) open = mark.slice(0, 3);
    else if (line.length <= longestTitle) {
      const [, signs, title] = heading.exec(line) ?? [];
      const under = underline.exec(line)?.[1];
      if (signs !== undefined && title !== undefined)
        headings.push({ start, level: signs.length, title: plain(title) });
      else if (under !== undefined && previous.line.length <= longestTitle && /^[^\s>|#-]/.test(previous.line))
        headings.push({ start: previous.start, level: under.startsWith('=') ? 1 : 2, title: plain(previous.line) });
    }
    previous = { start, line };
    start += line.length + 1;
  }
  return { text, headings, pageStarts: [] };
}
