/**
 * An answer without what is of no language: code, addresses, formulas, tags. Of a fence that is not closed, all that follows is code.
 */
export const prose = (text: string): string =>
  text
    .replace(/^[ \t]*(```|~~~)[^\n]*\n[\s\S]*?(?:^[ \t]*\1[^\n]*$|(?![\s\S]))/gm, ' ')
    .replace(/`[^`\n]*`/g, ' ')
    .replace(/\bhttps?:\/\/\S+/gi, ' ')
    .replace(/\$\$[^$]*\$\$|\\\([^\n]{0,300}?\\\)|<\/?[a-z][^>\n]{0,200}>/gi, ' ');
