/** What can be computed of the sets that come with Sotto: sums, and what functions return. And each case has known answers. */
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { loadShippedSet, shippedSets } from '../../../src/lab/shipped/shipped-sets';
import type { LabCase } from '../../../src/shared/domain/lab/case-set';
import type { Check, CodeCall } from '../../../src/shared/domain/lab/check';
import answersFile from '../../fixtures/lab/shipped-answers.json';
import calculations from '../../fixtures/lab/shipped-calculations.json';

interface KnownAnswers {
  readonly right: readonly string[];
  readonly wrong: readonly string[];
}

const answers: Readonly<Record<string, Readonly<Record<string, KnownAnswers>>>> = answersFile;
const formulas: Readonly<Record<string, string>> = calculations;

const casesOf = async (id: string): Promise<readonly LabCase[]> => (await loadShippedSet(id))?.cases ?? [];

type Rule<Kind extends Check['kind']> = Extract<Check, { readonly kind: Kind }>;

function onlyCheck<Kind extends Check['kind']>({ id, checks }: LabCase, kind: Kind): Rule<Kind> {
  const [check, ...others] = checks;
  if (check?.kind !== kind || others.length > 0) throw new Error(`${id} is not checked by ${kind} alone`);
  return check as Rule<Kind>;
}

describe.each(shippedSets.map(({ id }) => id))('the answers to %s', (id) => {
  it('are there for each case, right ones and wrong ones, and for no other', async () => {
    const cases = await casesOf(id);
    expect(Object.keys(answers[id] ?? {}).sort()).toEqual(cases.map((one) => one.id).sort());
    for (const [name, { right, wrong }] of Object.entries(answers[id] ?? {})) {
      expect([right.length > 0, wrong.length > 0], name).toEqual([true, true]);
      expect(new Set([...right, ...wrong]).size, name).toBe(right.length + wrong.length);
    }
  });
});

describe('the results of the arithmetic', () => {
  it('are those that a computer gets', async () => {
    const cases = await casesOf('shipped:arithmetic');
    expect(Object.keys(formulas).sort()).toEqual(cases.map(({ id }) => id).sort());
    for (const one of cases) {
      const { value, tolerance = 0 } = onlyCheck(one, 'number');
      const computed = Number(runInNewContext(formulas[one.id] ?? ''));
      expect(Math.abs(computed - value), one.id).toBeLessThanOrEqual(tolerance);
      expect(one.reference, one.id).toBe(String(value));
    }
  });

  it('are computed from the numbers that the question names, and from what everybody knows', async () => {
    // Halves and thirds, the legs of animals, minutes of an hour, hundredths, and one more than 20.
    const known = ['2', '3', '4', '60', '100', '21'];
    for (const one of await casesOf('shipped:arithmetic')) {
      const asked = one.variables['question'] ?? one.turns?.[0]?.content ?? '';
      const used = (formulas[one.id] ?? '').match(/\d+(?:\.\d+)?/g) ?? [];
      const named = [...(asked.match(/\d+(?:\.\d+)?/g) ?? []), ...known];
      expect(named, one.id).toEqual(expect.arrayContaining(used));
    }
  });
});

const fence = /```javascript\n([\s\S]*?)```/;

/** The result of a call as JSON, or what was thrown. */
function resultOf(answer: string, name: string, call: CodeCall): unknown {
  const code = fence.exec(answer)?.[1] ?? '';
  try {
    const source = `${code}\n;JSON.stringify(${name}(...${JSON.stringify(call.arguments)}))`;
    return JSON.parse(String(runInNewContext(source, {}, { timeout: 2000 })));
  } catch (error) {
    return String(error);
  }
}

describe('the functions', () => {
  it('of right answers give every result that is asked for, in Node', async () => {
    for (const one of await casesOf('shipped:javascript')) {
      const check = onlyCheck(one, 'code');
      for (const answer of [one.reference ?? '', ...(answers['shipped:javascript']?.[one.id]?.right ?? [])])
        for (const call of check.calls)
          expect(resultOf(answer, check.function, call), `${one.id} ${JSON.stringify(call)}`).toEqual(call.result);
    }
  });

  it('of wrong answers miss at least one of them', async () => {
    for (const one of await casesOf('shipped:javascript')) {
      const check = onlyCheck(one, 'code');
      for (const answer of answers['shipped:javascript']?.[one.id]?.wrong ?? []) {
        const missed = check.calls.filter(
          (call) => JSON.stringify(resultOf(answer, check.function, call)) !== JSON.stringify(call.result),
        );
        expect(missed, one.id).not.toEqual([]);
      }
    }
  });

  it('are called as the task names them, which says what becomes of an empty text or list', async () => {
    for (const one of await casesOf('shipped:javascript')) {
      const { function: name, calls } = onlyCheck(one, 'code');
      const task = one.variables['task'] ?? '';
      expect(task, one.id).toContain(name);
      const empty = calls.some(({ arguments: given }) =>
        given.some((value) => JSON.stringify(value) === '[]' || value === ''),
      );
      if (empty) expect(task, one.id).toMatch(/empty|without brackets|fewer than two/i);
    }
  });
});
