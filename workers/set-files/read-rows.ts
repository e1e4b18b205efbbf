/** Cases from rows, in which a column is a variable: CSV, and JSONL of plain fields. */
import { canonicalJson } from '../../src/shared/domain/canonical-json';
import type { PromptTurn } from '../../src/shared/domain/lab/case-set';
import type { Check } from '../../src/shared/domain/lab/check';
import { notedCheck, variableValue } from './case-parts';
import { turnsFromText } from './prompt-turns';
import { checkFromNotation } from './read-check';
import type { CaseDraft } from './set-draft';
import type { SetPlace } from '../../src/shared/domain/lab/set-note';
import type { SetNotes } from './set-notes';
import { readColumns, type Column } from './table-columns';

export interface Row {
  readonly place: (column?: string) => SetPlace;
  /** One for each header; undefined where the row has none. */
  readonly cells: readonly (string | undefined)[];
}

export interface Rows {
  readonly headers: readonly string[];
  readonly rows: readonly Row[];
}

export interface ReadRows {
  readonly cases: readonly CaseDraft[];
  /** Of all cases; null where the rows have none. */
  readonly prompt: readonly PromptTurn[] | null;
  /** That have a value in at least one row, in their order. */
  readonly variables: readonly string[];
}

export function readRows({ headers, rows }: Rows, notes: SetNotes): ReadRows {
  const reader = new RowReader(readColumns(headers, notes), notes);
  const cases = rows.flatMap((row) => reader.read(row));
  return { cases, prompt: reader.prompt, variables: [...reader.variables] };
}

class RowReader {
  prompt: readonly PromptTurn[] | null = null;
  readonly variables = new Set<string>();

  constructor(
    private readonly columns: readonly Column[],
    private readonly notes: SetNotes,
  ) {}

  /** Nothing for a row without anything to ask. */
  read({ place: placeOf, cells }: Row): readonly CaseDraft[] {
    const variables: [string, string][] = [];
    const expected: { readonly text: string; readonly place: SetPlace }[] = [];
    const thresholds = new Map<number, number>();
    const more: { turns?: readonly PromptTurn[]; reference?: string; category?: string } = {};
    for (const [index, { header, role }] of this.columns.entries()) {
      const cell = cells[index];
      if (cell === undefined || (role.kind !== 'variable' && cell.trim() === '')) continue;
      const place = placeOf(header);
      switch (role.kind) {
        case 'variable': {
          const value = variableValue(cell, place, this.notes);
          if (value !== undefined) variables.push([role.name, value]);
          break;
        }
        case 'expected':
          expected.push({ text: cell, place });
          break;
        case 'threshold':
          if (Number.isFinite(Number(cell))) thresholds.set(role.index, Number(cell));
          else this.notes.add('field-ignored', place, header);
          break;
        case 'reference':
        case 'category':
          if (more[role.kind] === undefined) more[role.kind] = cell;
          else this.notes.add('column-duplicate', place, header);
          break;
        case 'turns':
          more.turns = this.#turns(cell, place) ?? [];
          break;
        case 'prompt':
          this.#readPrompt(cell, place);
          break;
        case 'ignored':
          this.notes.add(role.note, place, role.detail);
      }
    }
    const { turns, ...rest } = more;
    // Its own conversation cannot be asked, and that of the set is another one.
    if (turns?.length === 0) return [];
    if (variables.length === 0 && !turns && this.prompt === null) {
      this.notes.add('entry-unreadable', placeOf());
      return [];
    }
    for (const [name] of variables) this.variables.add(name);
    const values = Object.fromEntries(variables);
    const checks = expected.flatMap(({ text, place }, index): readonly Check[] =>
      notedCheck(checkFromNotation(text, values, thresholds.get(index)), text.trim(), place, this.notes),
    );
    return [{ variables: values, ...(turns && { turns }), checks, ...rest }];
  }

  #turns(text: string, place: SetPlace): readonly PromptTurn[] | null {
    const turns = turnsFromText(text);
    if (turns === null) this.notes.add('prompt-unreadable', place, text);
    return turns;
  }

  #readPrompt(text: string, place: SetPlace): void {
    const turns = this.#turns(text, place);
    if (turns === null) return;
    if (this.prompt === null) this.prompt = turns;
    else if (canonicalJson(this.prompt) !== canonicalJson(turns)) this.notes.add('prompt-differs', place, text);
  }
}
