/** One Markdown dialect for everything a model says: GFM, no raw HTML, no images. */
import { Marked, type Tokens } from 'marked';

const escapes: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

export const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (character) => escapes[character] ?? '');

// Directional overrides and characters without width: with them an address or a line of code can read as something it is not.
const control = /[\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u{e0000}-\u{e007f}]/gu;

/** Makes invisible characters visible. `html` must not hold them in attributes. */
const reveal = (html: string): string =>
  html.replace(control, (character) => {
    const code = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
    return `<span class="control-character">U+${code}</span>`;
  });

const languageOf = (info: string | undefined): string => /^[\w+#.-]{1,30}/.exec(info?.trim() ?? '')?.[0] ?? '';

/** The page has headings of its own above these. */
const headingLevel = (depth: number): number => Math.min(depth + 2, 6);

export const markdown = new Marked({
  gfm: true,
  breaks: true,
  renderer: {
    html: ({ text, block }: Tokens.HTML | Tokens.Tag): string => {
      if (/^<br\s*\/?>$/i.test(text.trim())) return '<br>';
      const shown = reveal(escapeHtml(text.trimEnd()));
      return block ? `<p>${shown.replaceAll('\n', '<br>')}</p>\n` : shown;
    },
    image: ({ href, text }): string =>
      `<span class="image-placeholder">${escapeHtml(text)} <code>${reveal(escapeHtml(href))}</code></span>`,
    code: ({ text, lang }): string => {
      const language = languageOf(lang);
      const marking = language === '' ? '' : ` class="language-${escapeHtml(language)}"`;
      return `<pre><code${marking}>${reveal(escapeHtml(text))}</code></pre>\n`;
    },
    codespan: ({ text }): string => `<code>${reveal(escapeHtml(text))}</code>`,
    checkbox: ({ checked }): string => (checked ? '☑ ' : '☐ '),
    heading({ tokens, depth }): string {
      const level = headingLevel(depth);
      return `<h${level}>${this.parser.parseInline(tokens)}</h${level}>\n`;
    },
    link({ href, tokens }): string {
      const shown = reveal(this.parser.parseInline(tokens));
      return `<a href="${escapeHtml(href.replace(control, encodeURIComponent))}">${shown}</a>`;
    },
  },
});
