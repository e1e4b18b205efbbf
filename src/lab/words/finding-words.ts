/** Words for why a check has come out as it has; `detail` of a finding is shown beside them. */
import type { FindingReason } from '../../shared/domain/lab/check';
import { m } from '../../text/paraglide/messages.js';

const reasons: Readonly<Record<FindingReason, () => string>> = {
  'as-expected': m.lab_finding_as_expected,
  different: m.lab_finding_different,
  missing: m.lab_finding_missing,
  present: m.lab_finding_present,
  'no-match': m.lab_finding_no_match,
  'not-json': m.lab_finding_not_json,
  'breaks-schema': m.lab_finding_breaks_schema,
  'schema-unusable': m.lab_finding_schema_unusable,
  'remote-schema': m.lab_finding_remote_schema,
  'no-number': m.lab_finding_no_number,
  'other-number': m.lab_finding_other_number,
  'no-choice': m.lab_finding_no_choice,
  'other-choice': m.lab_finding_other_choice,
  'other-language': m.lab_finding_other_language,
  'language-unclear': m.lab_finding_language_unclear,
  'too-short': m.lab_finding_too_short,
  'too-long': m.lab_finding_too_long,
  declines: m.lab_finding_declines,
  answers: m.lab_finding_answers,
  'too-slow': m.lab_finding_too_slow,
  'too-far': m.lab_finding_too_far,
  'no-code': m.lab_finding_no_code,
  'wrong-result': m.lab_finding_wrong_result,
  'code-error': m.lab_finding_code_error,
  'code-endless': m.lab_finding_code_endless,
  'code-memory': m.lab_finding_code_memory,
  'pattern-endless': m.lab_finding_pattern_endless,
  'pattern-broken': m.lab_finding_pattern_broken,
  'check-broke': m.lab_finding_check_broke,
  'not-judged': m.lab_finding_not_judged,
  'judge-unclear': m.lab_finding_judge_unclear,
  judged: m.lab_finding_judged,
};

export const findingWords = (reason: FindingReason): string => reasons[reason]();
