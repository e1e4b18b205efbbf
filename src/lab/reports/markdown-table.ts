/** In one line, in which nothing is Markdown: names, licenses and categories come from files. */
export const plainText = (text: string): string =>
  text
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/[\\`*_[\]<>#|~!]/g, '\\$&')
    .replaceAll('&', '&amp;');

export interface Column<Row> {
  readonly title: string;
  /** Null where there is no figure. */
  readonly cell: (row: Row) => string | null;
}

/** A table without the columns that have nothing in any row. */
export function markdownTable<Row>(rows: readonly Row[], columns: readonly Column<Row>[]): string {
  const filled = columns.filter(({ cell }) => rows.some((row) => cell(row) !== null));
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [
    line(filled.map(({ title }) => plainText(title))),
    line(filled.map(() => '---')),
    ...rows.map((row) => line(filled.map(({ cell }) => plainText(cell(row) ?? '–')))),
  ].join('\n');
}
