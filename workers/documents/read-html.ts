/** The text of a page, without its programs. Nothing of it is ever shown as a page, run or fetched. */
import { Parser } from 'htmlparser2';
import { longestTitle, type DocumentText, type Heading } from './document-text';

/** What is in them is no text of the page. */
const unread = new Set([
  'script',
  'style',
  'template',
  'noscript',
  'svg',
  'math',
  'iframe',
  'object',
  'head',
  'select',
  'textarea',
]);
const blocks = new Set(
  'address article aside blockquote body br dd details div dl dt figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr li main nav ol p pre section summary table tbody td tfoot th thead tr ul'.split(
    ' ',
  ),
);
/** Between the cells of a row, and where a line ends but no paragraph. */
const inLine = new Set(['td', 'th']);
const lineEnds = new Set(['br', 'li', 'tr', 'dt', 'dd', 'div']);

/** Puts the texts of one or more HTML files together. */
export class HtmlText {
  readonly #parts: string[] = [];
  readonly #headings: Heading[] = [];
  readonly #pageStarts: number[] = [];
  #length = 0;
  #end = '\n';

  /** What is added from here on is a chapter of its own. */
  beginPage(): void {
    this.#break('\n\n');
    this.#pageStarts.push(this.#length);
  }

  /** HTML, or XHTML. */
  add(html: string): void {
    let hidden = 0;
    let preformatted = 0;
    let heading: { readonly start: number; readonly level: number } | null = null;
    const parser = new Parser(
      {
        onopentag: (tag) => {
          const name = localName(tag);
          if (unread.has(name)) hidden += 1;
          if (hidden > 0) return;
          if (name === 'pre') preformatted += 1;
          this.#breakAt(name);
          const level = /^h([1-6])$/.exec(name)?.[1];
          if (level !== undefined) heading = { start: this.#length, level: Number(level) };
        },
        ontext: (text) => {
          if (hidden === 0) this.#write(preformatted > 0 ? text : text.replace(/\s+/g, ' '));
        },
        onclosetag: (tag) => {
          const name = localName(tag);
          if (unread.has(name)) hidden = Math.max(0, hidden - 1);
          if (hidden > 0) return;
          if (name === 'pre') preformatted = Math.max(0, preformatted - 1);
          if (heading && /^h[1-6]$/.test(name)) {
            const title = this.#since(heading.start).replace(/\s+/g, ' ').trim();
            if (title !== '' && title.length <= longestTitle) this.#headings.push({ ...heading, title });
            heading = null;
          }
          this.#breakAt(name);
        },
      },
      { decodeEntities: true, lowerCaseTags: true, recognizeSelfClosing: true },
    );
    parser.end(html);
  }

  get length(): number {
    return this.#length;
  }

  text(): DocumentText {
    return { text: this.#parts.join(''), headings: this.#headings, pageStarts: this.#pageStarts };
  }

  #breakAt(name: string): void {
    if (inLine.has(name)) this.#break('\t');
    else if (blocks.has(name)) this.#break(lineEnds.has(name) ? '\n' : '\n\n');
  }

  /** Space between two blocks; never more than what the larger of two asks for. */
  #break(space: string): void {
    if (this.#length === 0 || this.#end.endsWith(space) || (space === '\t' && this.#end.endsWith('\n'))) return;
    this.#push(space === '\n\n' && this.#end.endsWith('\n') ? '\n' : space);
  }

  #write(text: string): void {
    const clean = /\s$/.test(this.#end) && text.startsWith(' ') ? text.slice(1) : text;
    if (clean !== '') this.#push(clean);
  }

  #push(text: string): void {
    this.#parts.push(text);
    this.#length += text.length;
    this.#end = (this.#end + text).slice(-2);
  }

  #since(start: number): string {
    let at = this.#length;
    let from = this.#parts.length;
    while (from > 0 && at > start) at -= this.#parts[--from]?.length ?? 0;
    return this.#parts
      .slice(from)
      .join('')
      .slice(start - at);
  }
}

/** Books write `xhtml:p` at times. */
const localName = (tag: string): string => tag.slice(tag.indexOf(':') + 1).toLowerCase();

export function htmlText(html: string): DocumentText {
  const text = new HtmlText();
  text.add(html);
  return text.text();
}
