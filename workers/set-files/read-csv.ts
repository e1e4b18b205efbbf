/** CSV as promptfoo reads it. */
import { parseTable } from './csv-table';
import { readRows, type ReadRows, type Row } from './read-rows';
import { expectFewColumns } from './set-draft';
import type { SetPlace } from '../../src/shared/domain/lab/set-note';
import type { SetNotes } from './set-notes';
import { promptHeader } from './table-columns';

/**
 * @param name of the file, for failures
 * @throws FailureError `lab-set-unreadable` or `lab-set-too-large`
 */
export async function readCsv(text: string, name: string, notes: SetNotes): Promise<ReadRows> {
  const { headers, rows } = await parseTable(text, name, notes);
  expectFewColumns(headers);
  // In a table of ours, cells may all be empty and still be a case.
  const isOwn = headers.includes(promptHeader);
  const read = rows.flatMap((cells, index): readonly Row[] => {
    if (isOwn ? cells.length <= 1 : cells.every((cell) => cell.trim() === '')) return [];
    const place = (column?: string): SetPlace => ({
      in: 'row',
      row: index + 2,
      ...(column !== undefined && { column }),
    });
    if (cells.length < headers.length) notes.add('cells-missing', place());
    if (cells.slice(headers.length).some((cell) => cell.trim() !== '')) notes.add('cells-extra', place());
    return [{ place, cells }];
  });
  return readRows({ headers, rows: read }, notes);
}
