import type { CheckKind, Finding } from '../../src/shared/domain/lab/check';

/** These say what the answer does, whichever of the two was wanted. */
const descriptions: ReadonlySet<Finding['reason']> = new Set(['declines', 'answers']);

/** The finding of a check that asks for the opposite. What could not be decided stays so. */
export function negated(finding: Finding, kind: CheckKind): Finding {
  const { outcome, reason } = finding;
  if (outcome === 'none') return finding;
  // A check that threw has not said no: a slip of the pen in it would pass every answer.
  if (kind === 'javascript' && reason === 'code-error') return { ...finding, outcome: 'none' };
  if (outcome === 'pass') return { ...finding, outcome: 'fail', reason: descriptions.has(reason) ? reason : 'present' };
  return { ...finding, outcome: 'pass', reason: descriptions.has(reason) ? reason : 'as-expected' };
}
