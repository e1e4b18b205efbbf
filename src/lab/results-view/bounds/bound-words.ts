/** What a person can't do without, and which contenders lack it, in words. */
import { formatBytes, formatDuration, formatPercent } from '../../../text/formatting';
import { m } from '../../../text/paraglide/messages.js';
import type { Broken, Constraints, ConstraintName } from '../../results/constraints';

/**
 * Licenses whose text allows commercial use to everyone without further conditions on the use. Those of single makers (Llama, Gemma)
 * allow it under conditions that have to be read, so they aren't among them.
 */
export const commercialLicenses: readonly string[] = [
  'Apache-2.0',
  'MIT',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'ISC',
  'MPL-2.0',
  'CC0-1.0',
  'CC-BY-4.0',
  'CC-BY-SA-4.0',
  'Unlicense',
];

const asked: Readonly<Record<ConstraintName, (constraints: Constraints) => string>> = {
  mostMedianMs: ({ mostMedianMs = 0 }) => m.lab_bound_median({ time: formatDuration(mostMedianMs) }),
  mostP95Ms: ({ mostP95Ms = 0 }) => m.lab_bound_p95({ time: formatDuration(mostP95Ms) }),
  licenses: ({ licenses = [] }) =>
    licenses === commercialLicenses ? m.lab_bound_commercial() : m.lab_bound_license({ license: licenses[0] ?? '' }),
  mostBytes: ({ mostBytes = 0 }) => m.lab_bound_size({ size: formatBytes(mostBytes) }),
  mostMemoryBytes: ({ mostMemoryBytes = 0 }) => m.lab_bound_memory({ size: formatBytes(mostMemoryBytes) }),
  leastScore: ({ leastScore = 0 }) => m.lab_bound_score({ share: formatPercent(leastScore) }),
};

export const brokenWords = ({ constraint, how }: Broken, constraints: Constraints): string =>
  how === 'breaks'
    ? m.lab_bound_breaks({ bound: asked[constraint](constraints) })
    : m.lab_bound_unknown({ bound: asked[constraint](constraints) });
