import type { DocumentText, Heading } from './document-text';

const heading = /^ {0,3}(#{1,6})[ \t]+(.+?)[ \t]*#*[ \t]*$/;
const fence = /^ {0,3}(`{3,}|~{3,})/;
const underline = /^ {0,3}(=+|-{2,})[ \t]*$/;

/** As it reads, without the signs around words. */
const plain = (title: string): string => title.replace(/[*_`]|\[([^\]]*)\]\([^)]*\)/g, '$1').trim();

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
    else {
      const [, signs, title] = heading.exec(line) ?? [];
      const under = underline.exec(line)?.[1];
      if (signs !== undefined && title !== undefined)
        headings.push({ start, level: signs.length, title: plain(title) });
      else if (under !== undefined && /^[^\s>|#-]/.test(previous.line))
        headings.push({ start: previous.start, level: under.startsWith('=') ? 1 : 2, title: plain(previous.line) });
    }
    previous = { start, line };
    start += line.length + 1;
  }
  return { text, headings, pageStarts: [] };
}
