/** By what two people know that they have asked the same. */
import { canonicalHash, canonicalJson } from '../../shared/domain/canonical-json';
import type { CaseSet, LabCase } from '../../shared/domain/lab/case-set';

type Asked = Pick<CaseSet, 'prompt' | 'checks' | 'cases'>;

/**
 * All that decides how a case comes out: what is asked, and what all of its checks are, wherever they are kept. A check of every case
 * is the same as one of the set, and the order of checks decides nothing.
 */
const effective = ({ prompt, checks }: Asked, { variables, turns = prompt, checks: own }: LabCase): unknown => ({
  turns,
  variables,
  checks: [...checks, ...own].map(canonicalJson).sort(),
});

/**
 * SHA-256 of what is asked and what counts as right, as 64 hexadecimal digits. Names, ids, dates, categories, references, and settings
 * do not count; the order of the cases does, since results of somebody else's cases are matched by it.
 */
export const caseHash = (set: Asked): Promise<string> =>
  canonicalHash({ version: 1, cases: set.cases.map((each) => effective(set, each)) });
