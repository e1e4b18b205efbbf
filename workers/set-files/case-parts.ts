/** Parts of a case that all of promptfoo's formats have: values of variables, and checks with their notes. */
import type { Check } from '../../src/shared/domain/lab/check';
import { hasTemplate } from '../../src/shared/domain/lab/template';
import { unmarked } from './literal-text';
import type { ReadCheck } from './read-check';
import type { SetPlace } from '../../src/shared/domain/lab/set-note';
import type { SetNotes } from './set-notes';

/** The value of a variable; undefined where it is in another file. */
export function variableValue(text: string, place: SetPlace, notes: SetNotes): string | undefined {
  const literal = unmarked(text);
  if (literal !== null) return literal;
  if (text.startsWith('file://')) {
    notes.add('file-reference', place, text);
    return undefined;
  }
  if (hasTemplate(text)) notes.add('variable-nested', place, text);
  return text;
}

/** The check, if it is one; notes say what it is not. @param told how the file names it */
export function notedCheck(read: ReadCheck, told: string, place: SetPlace, notes: SetNotes): readonly Check[] {
  if (read.fault !== undefined) {
    // Of those that are not done, the kind is enough: there may be one in each row.
    notes.add(read.fault, place, read.fault === 'check-unsupported' ? (read.type ?? told) : told);
    return [];
  }
  if (read.assumed !== undefined) notes.add('threshold-assumed', place, String(read.assumed));
  if (read.asText) notes.add('check-as-text', place, told);
  return [read.check];
}
