/** One row for each contender. */
import type { CaseSet } from '../../shared/domain/lab/case-set';
import type { CaseTrouble, Contender, ContenderFacts, LabAnswer, LabRun } from '../../shared/domain/lab/run';
import { answersByCase } from './counted-answers';
import { scoreOf, type Score } from './score';
import { speedOf, type Speed } from './speed';

export interface CategoryScore {
  /** Null for cases without one. */
  readonly category: string | null;
  readonly score: Score;
}

export interface TroubleCount {
  readonly kind: CaseTrouble;
  readonly count: number;
}

export interface ContenderRow {
  readonly contender: Contender;
  readonly score: Score;
  /** In the order in which the set names them; empty where it names none. */
  readonly categories: readonly CategoryScore[];
  readonly speed: Speed;
  /** Most frequent first. */
  readonly troubles: readonly TroubleCount[];
  /** Null until its model was loaded. */
  readonly facts: ContenderFacts | null;
}

/**
 * @param set as it was when the run began (`run.setHash`)
 * @param answers of this run; others are left out
 * @returns in the order of the run's contenders
 */
export function summarize(run: LabRun, set: CaseSet, answers: readonly LabAnswer[]): ContenderRow[] {
  const { samples } = run.settings;
  return run.contenders.map((contender) => {
    const byCase = answersByCase(run, set, answers, contender.id);
    const cases = [...byCase.values()];
    const named = [...new Set(set.cases.map(({ category }) => category ?? null))];
    return {
      contender,
      score: scoreOf(cases, samples),
      categories: named.every((name) => name === null)
        ? []
        : named.map((name) => {
            const inside = set.cases.filter(({ category }) => (category ?? null) === name);
            const score = scoreOf(
              inside.map(({ id }) => byCase.get(id) ?? []),
              samples,
            );
            return { category: name, score };
          }),
      speed: speedOf(cases),
      troubles: troublesOf(cases.flat()),
      facts: run.facts.find(({ contenderId }) => contenderId === contender.id) ?? null,
    };
  });
}

function troublesOf(answers: readonly LabAnswer[]): TroubleCount[] {
  const counts = new Map<CaseTrouble, number>();
  for (const { trouble } of answers) if (trouble) counts.set(trouble.kind, (counts.get(trouble.kind) ?? 0) + 1);
  return [...counts].map(([kind, count]) => ({ kind, count })).sort((a, b) => b.count - a.count);
}
