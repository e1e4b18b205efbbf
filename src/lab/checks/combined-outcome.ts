import type { Finding, Outcome } from '../../shared/domain/lab/check';

/** Of all checks of an answer: one that fails decides, and one that nobody can decide keeps the answer from passing. */
export function combinedOutcome(findings: readonly Pick<Finding, 'outcome'>[]): Outcome {
  if (findings.some(({ outcome }) => outcome === 'fail')) return 'fail';
  return findings.length > 0 && findings.every(({ outcome }) => outcome === 'pass') ? 'pass' : 'none';
}
