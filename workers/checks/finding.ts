import type { Finding, FindingReason, Outcome } from '../../src/shared/domain/lab/check';
import { cutText } from '../../src/shared/domain/cut-text';

/** Most UTF-16 code units of a detail. */
const longestDetail = 500;

function finding(outcome: Outcome, reason: FindingReason, detail = ''): Finding {
  const shown = cutText(detail.trim(), longestDetail);
  return { outcome, reason, ...(shown !== '' && { detail: shown }) };
}

export const passed = (detail?: string): Finding => finding('pass', 'as-expected', detail);
export const failed = (reason: FindingReason, detail?: string): Finding => finding('fail', reason, detail);
/** Nobody can say: it counts neither as passed nor as failed. */
export const undecided = (reason: FindingReason, detail?: string): Finding => finding('none', reason, detail);
export const declines = (phrase: string): Finding => finding('pass', 'declines', phrase);

/** @param reason of a failure */
export const passedIf = (isSo: boolean, reason: FindingReason, detail?: string): Finding =>
  isSo ? passed(detail) : failed(reason, detail);
