import { cutText } from '../../shared/domain/cut-text';
import type { Check } from '../../shared/domain/lab/check';
import { formatList } from '../../text/formatting';
import { m } from '../../text/paraglide/messages.js';
import { checkForms, fieldText } from '../set-view/check-forms';

/** A check in one line: its kind and what it is about. */
export function checkWords(check: Check): string {
  const form = checkForms[check.kind];
  const values = form.fields
    .filter(({ type }) => type !== 'yes' && type !== 'json')
    .map((field) => fieldText(field, check).replaceAll('\n', ', '))
    .filter(Boolean);
  const title = check.not ? m.lab_check_not({ check: form.title() }) : form.title();
  return values.length === 0 ? title : m.lab_check_line({ check: title, value: cutText(formatList(values), 80) });
}
