/** The one place that turns the notes of an import into words. */
import { formatCount } from '../../text/formatting';
import { m } from '../../text/paraglide/messages.js';
import type { SetNote, SetNoteKind, SetPlace } from '../../shared/domain/lab/set-note';

const texts = {
  'prompt-from-variable': m.lab_note_prompt_from_variable,
  'no-prompt': m.lab_note_no_prompt,
  'several-prompts': m.lab_note_several_prompts,
  'prompt-differs': m.lab_note_prompt_differs,
  'prompt-unreadable': m.lab_note_prompt_unreadable,
  'template-syntax': m.lab_note_template_syntax,
  'variable-nested': m.lab_note_variable_nested,
  'variable-structured': m.lab_note_variable_structured,
  'variable-name': m.lab_note_variable_name,
  combinations: m.lab_note_combinations,
  'column-duplicate': m.lab_note_column_duplicate,
  'column-unnamed': m.lab_note_column_unnamed,
  'cells-missing': m.lab_note_cells_missing,
  'cells-extra': m.lab_note_cells_extra,
  delimiter: m.lab_note_delimiter,
  'check-unsupported': m.lab_note_check_unsupported,
  'check-unreadable': m.lab_note_check_unreadable,
  'check-as-text': m.lab_note_check_as_text,
  'check-template': m.lab_note_check_template,
  'check-transformed': m.lab_note_check_transformed,
  'check-group': m.lab_note_check_group,
  'threshold-assumed': m.lab_note_threshold_assumed,
  'threshold-ignored': m.lab_note_threshold_ignored,
  'affix-ignored': m.lab_note_affix_ignored,
  'metadata-ignored': m.lab_note_metadata_ignored,
  'field-ignored': m.lab_note_field_ignored,
  'file-reference': m.lab_note_file_reference,
  'scenarios-ignored': m.lab_note_scenarios_ignored,
  'entry-unreadable': m.lab_note_entry_unreadable,
  'evals-match': m.lab_note_evals_match,
  'evals-includes': m.lab_note_evals_includes,
  'id-changed': m.lab_note_id_changed,
} as const satisfies Record<SetNoteKind, (inputs: { detail: string }) => string>;

/** What is not done, in a sentence. */
export const setNoteText = ({ kind, detail }: Pick<SetNote, 'kind' | 'detail'>): string =>
  // Of too many kinds of the same, only the number is known.
  texts[kind]({ detail: detail ?? '…' });

/** Where in the file: "Row 3, column “__expected”". */
export function setPlaceText(place: SetPlace): string {
  switch (place.in) {
    case 'file':
      return m.lab_place_file();
    case 'column':
      return m.lab_place_column(place);
    case 'row': {
      const row = formatCount(place.row);
      return place.column === undefined
        ? m.lab_place_row({ row })
        : m.lab_place_row_column({ row, column: place.column });
    }
    case 'line': {
      const line = formatCount(place.line);
      return place.column === undefined
        ? m.lab_place_line({ line })
        : m.lab_place_line_column({ line, column: place.column });
    }
    case 'test': {
      const test = formatCount(place.test);
      return place.check === undefined
        ? m.lab_place_test({ test })
        : m.lab_place_test_check({ test, check: formatCount(place.check) });
    }
    case 'default-test':
      return place.check === undefined
        ? m.lab_place_default_test()
        : m.lab_place_default_test_check({ check: formatCount(place.check) });
    case 'prompt':
      return m.lab_place_prompt({ prompt: formatCount(place.prompt) });
  }
}
