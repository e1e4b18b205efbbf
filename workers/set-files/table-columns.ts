/** What each column of a table means: promptfoo's special columns, ours, and variables. */
import { isVariableName } from '../../src/shared/domain/lab/template';
import type { SetNoteKind } from '../../src/shared/domain/lab/set-note';
import type { SetNotes } from './set-notes';

export type ColumnRole =
  | { readonly kind: 'variable'; readonly name: string }
  | { readonly kind: 'expected' | 'category' | 'reference' | 'prompt' | 'turns' }
  /** The threshold of the check with this index. */
  | { readonly kind: 'threshold'; readonly index: number }
  | { readonly kind: 'ignored'; readonly note: SetNoteKind; readonly detail: string };

export interface Column {
  readonly header: string;
  readonly role: ColumnRole;
}

/** The mark of our own tables: every one has this column. */
export const promptHeader = '__prompt';
export const turnsHeader = '__turns';
export const referenceHeader = '__reference';
export const categoryHeader = '__metadata:category';

const fixed: Readonly<Record<string, ColumnRole['kind'] & ('category' | 'reference' | 'prompt' | 'turns')>> = {
  [promptHeader]: 'prompt',
  [turnsHeader]: 'turns',
  [referenceHeader]: 'reference',
  [categoryHeader]: 'category',
  __category: 'category',
};

const ignored = (note: SetNoteKind, detail: string): ColumnRole => ({ kind: 'ignored', note, detail });

function roleOf(header: string): ColumnRole {
  if (/^__expected/.test(header)) return { kind: 'expected' };
  const role = Object.hasOwn(fixed, header) ? fixed[header] : undefined;
  if (role) return { kind: role };
  const [, index] = /^__config:__expected(\d*):threshold$/.exec(header) ?? [];
  if (index !== undefined) return { kind: 'threshold', index: index === '' ? 0 : Number(index) - 1 };
  if (header === '__prefix' || header === '__suffix') return ignored('affix-ignored', header);
  if (header === '__threshold') return ignored('threshold-ignored', header);
  if (header.startsWith('__metadata')) return ignored('metadata-ignored', header);
  // What promptfoo does not know it takes for a variable; with this prefix none is meant.
  if (header.startsWith('__')) return ignored('field-ignored', header);
  return { kind: 'variable', name: header };
}

/** @param headers as the file has them; each gets a role, and what is not used of them a note. */
export function readColumns(headers: readonly string[], notes: SetNotes): readonly Column[] {
  const taken = new Set<string>(headers.map((header) => header.trim()));
  const seen = new Set<string>();
  return headers.map((given) => {
    const header = given.trim();
    if (header === '') return { header, role: ignored('column-unnamed', '') };
    const role = roleOf(header);
    if (role.kind === 'expected' || !seen.has(header)) {
      seen.add(header);
      if (role.kind === 'variable' && !isVariableName(header))
        notes.add('variable-name', { in: 'column', column: header }, header);
      return { header, role };
    }
    if (role.kind !== 'variable') return { header, role: ignored('column-duplicate', header) };
    const name = freeName(header, taken);
    taken.add(name);
    notes.add('column-duplicate', { in: 'column', column: header }, name);
    return { header, role: { kind: 'variable', name } };
  });
}

function freeName(name: string, taken: ReadonlySet<string>): string {
  for (let number = 2; ; number += 1) if (!taken.has(`${name}_${number}`)) return `${name}_${number}`;
}
