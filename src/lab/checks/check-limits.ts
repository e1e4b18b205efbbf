/** How long the checks of each kind may take before their worker is ended. */
import type { Check, Finding } from '../../shared/domain/lab/check';

/** In ms; what a check comes to that takes longer. */
export interface CheckLimit {
  readonly ms: number;
  readonly late: Finding;
  readonly runsCode: boolean;
}

/** For all checks that end by themselves together, in ms: a sign of a worker that hangs, not of a hard check. */
export const quickMs = 20_000;

/** Code ends itself after 2 s, except within one long step of its engine. */
const codeMs = 2500;

const late = (outcome: Finding['outcome'], reason: Finding['reason']): Finding => ({ outcome, reason });

/** Null for a check that cannot hang. */
export function limitOf(check: Check): CheckLimit | null {
  switch (check.kind) {
    case 'regex':
      return { ms: 100, late: late('none', 'pattern-endless'), runsCode: false };
    case 'is-json':
    case 'contains-json':
      // A schema has patterns, too, and may refer to itself without end.
      return check.schema === undefined ? null : { ms: 1000, late: late('none', 'schema-unusable'), runsCode: false };
    case 'javascript':
      // Of the person who wrote the check: it says nothing of the answer.
      return { ms: codeMs, late: late('none', 'code-endless'), runsCode: true };
    case 'code':
      return { ms: codeMs, late: late(check.not ? 'pass' : 'fail', 'code-endless'), runsCode: true };
    default:
      return null;
  }
}
