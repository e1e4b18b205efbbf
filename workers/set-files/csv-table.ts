/** Tables as text. */
import { loadPart } from '../load-part';
import { labFailure, mostLines } from './set-draft';
import type { SetNotes } from './set-notes';
import { promptHeader } from './table-columns';

const loadCsv = async (): Promise<typeof import('papaparse')> => (await loadPart(() => import('papaparse'))).default;

/** More would fill the memory with a file of nothing but commas. */
const mostCells = 5_000_000;

/**
 * A spreadsheet runs what begins like a formula, also behind blanks of its own kind; full-width signs count in some. A cell that
 * begins so gets an apostrophe, and so does one that has apostrophes before it, so that taking one away always gives the cell.
 */
const formula = /^'*[=+\-@\t\r\n\0＝＋－＠]/;
const guarded = (cell: string): string => (formula.test(cell) ? `'${cell}` : cell);
const unguarded = (cell: string): string => (cell.startsWith("'") && formula.test(cell) ? cell.slice(1) : cell);

/** As the first line has it, outside of quotation marks: inside, a cell may have others. */
function lineEnd(text: string): '\r\n' | '\n' | '\r' {
  let quoted = false;
  for (let index = 0; index < text.length; index += 1) {
    const character = text[index];
    if (character === '"') quoted = !quoted;
    else if (quoted) continue;
    else if (character === '\n') return '\n';
    else if (character === '\r') return text[index + 1] === '\n' ? '\r\n' : '\r';
  }
  return '\n';
}

/** Commas, as promptfoo has it, unless the header has none of them but tabs or semicolons, as some spreadsheets write. */
function delimiterOf(text: string, end: string): ',' | '\t' | ';' {
  const header = (text.split(end, 1)[0] ?? '').replace(/"(?:[^"]|"")*"/g, '');
  return header.includes(',') ? ',' : header.includes('\t') ? '\t' : header.includes(';') ? ';' : ',';
}

export interface Table {
  readonly headers: readonly string[];
  /** From the second row of the file on. */
  readonly rows: readonly (readonly string[])[];
}

/**
 * @param name of the file, for failures
 * @throws FailureError `lab-set-unreadable` with the row of an unclosed quotation mark; `lab-set-too-large`
 */
export async function parseTable(text: string, name: string, notes: SetNotes): Promise<Table> {
  const csv = await loadCsv();
  const end = lineEnd(text);
  const delimiter = delimiterOf(text, end);
  if (delimiter !== ',') notes.add('delimiter', { in: 'file' }, delimiter === '\t' ? '⇥' : delimiter);
  let cells = 0;
  for (let at = text.indexOf(delimiter); at !== -1; at = text.indexOf(delimiter, at + 1)) {
    cells += 1;
    if (cells > mostCells) throw labFailure('lab-set-too-large', name, `more than ${mostCells} cells`);
  }
  const { data, errors } = csv.parse<string[]>(text, { delimiter, newline: end, preview: mostLines + 1 });
  if (data.length > mostLines) throw labFailure('lab-set-too-large', name, `more than ${mostLines} rows`);
  const [fault] = errors.filter(({ type }) => type === 'Quotes');
  if (fault) throw labFailure('lab-set-unreadable', name, fault.message, (fault.row ?? 0) + 1);
  const [headers = [], ...rows] = data;
  if (!headers.includes(promptHeader)) return { headers, rows };
  return { headers: headers.map(unguarded), rows: rows.map((row) => row.map(unguarded)) };
}

/** The table as CSV, safe to open in a spreadsheet. `parseTable` gives the same cells, if there is a column `__prompt`. */
export async function writeTable(headers: readonly string[], rows: readonly (readonly string[])[]): Promise<string> {
  const csv = await loadCsv();
  const data = [headers, ...rows].map((row) => row.map(guarded));
  // All in quotation marks: where a spreadsheet separates by semicolons, the rest of a cell must not become one of its own.
  return `${csv.unparse(data, { quotes: true, newline: '\r\n' })}\r\n`;
}
