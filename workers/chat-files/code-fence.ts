/** Code as Markdown: in a fence that nothing in it can close. */
export function fenced(code: string, language = ''): string {
  const longest = code.match(/`{3,}/g)?.reduce((most, row) => Math.max(most, row.length), 2) ?? 2;
  const fence = '`'.repeat(longest + 1);
  // What comes from a file goes into the first line, which ends nowhere else.
  const name = /^[\w+#.-]{1,40}$/.test(language) ? language : '';
  return `${fence}${name}\n${code.replace(/\n$/, '')}\n${fence}`;
}

/** Markdown that ends outside of code, so that what follows it is none. */
export function withClosedFence(markdown: string): string {
  let open: string | null = null;
  for (const [, fence = '', rest = ''] of markdown.matchAll(/^ {0,3}(`{3,}|~{3,})([^\n]*)$/gm)) {
    if (open === null) open = fence;
    else if (fence.startsWith(open) && rest.trim() === '') open = null;
  }
  return open === null ? markdown : `${markdown.replace(/\n$/, '')}\n${open}`;
}
