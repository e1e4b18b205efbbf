import type { Finding, Outcome } from '../../shared/domain/lab/check';

/** Passed only where every check passes; failed where one fails; else nobody can tell, as where there is no check at all. */
export function combinedOutcome(findings: readonly Finding[]): Outcome {
  if (findings.some(({ outcome }) => outcome === 'fail')) return 'fail';
  return findings.length > 0 && findings.every(({ outcome }) => outcome === 'pass') ? 'pass' : 'none';
}
