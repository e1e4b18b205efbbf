/** The checks, over the known answers to every case that comes with Sotto: right ones and wrong ones. */
import { beforeAll, describe, expect, it } from 'vitest';
import { loadShippedSet, shippedSets } from '../../../src/lab/shipped/shipped-sets';
import type { Check } from '../../../src/shared/domain/lab/check';
import { CodeRunner } from '../../../workers/checks/run-code';
import answersFile from '../../fixtures/lab/shipped-answers.json';
import { compiledQuickJs, find } from './run-checks';

const answers: Readonly<Record<string, Readonly<Record<string, Record<'right' | 'wrong', readonly string[]>>>>> =
  answersFile;

let runner: CodeRunner;
beforeAll(async () => {
  runner = new CodeRunner(await compiledQuickJs());
});

/** The answers whose checks do not come out as wanted, each with what was found. */
async function surprises(id: string, kind: 'right' | 'wrong'): Promise<readonly string[]> {
  const set = await loadShippedSet(id);
  const found: string[] = [];
  for (const one of set?.cases ?? [])
    for (const text of [
      ...(answers[id]?.[one.id]?.[kind] ?? ['']),
      ...(kind === 'right' && one.reference !== undefined ? [one.reference] : []),
    ]) {
      const checks: readonly Check[] = [...(set?.checks ?? []), ...one.checks];
      const findings = await Promise.all(checks.map((check) => find(text, check, runner)));
      const isSure = findings.every(({ outcome }) => outcome !== 'none');
      const passes = findings.every(({ outcome }) => outcome === 'pass');
      const fails = findings.some(({ outcome }) => outcome === 'fail');
      if (kind === 'right' ? !(passes && isSure) : !fails) found.push(`${one.id}: ${text} ${JSON.stringify(findings)}`);
    }
  return found;
}

describe.each(shippedSets.map(({ id }) => id))('the checks of %s', (id) => {
  it('pass what is right', async () => {
    expect(await surprises(id, 'right')).toEqual([]);
  });

  it('fail what is wrong', async () => {
    expect(await surprises(id, 'wrong')).toEqual([]);
  });
});
