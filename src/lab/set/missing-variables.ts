/** Variables that a set's prompts ask for and its cases do not have: such a case cannot be asked. */
import type { CaseId, CaseSet, PromptTurn } from '../../shared/domain/lab/case-set';
import { templateNames, variableIn } from '../../shared/domain/lab/template';

export interface MissingVariable {
  readonly name: string;
  /** The cases that lack it, in their order. */
  readonly caseIds: readonly CaseId[];
  /** No case has it: most likely it is misspelled in the prompt. */
  readonly everywhere: boolean;
}

/** In the order in which the prompts name them; empty where every case can be asked. */
export function missingVariables({ prompt, cases }: Pick<CaseSet, 'prompt' | 'cases'>): readonly MissingVariable[] {
  const lacking = new Map<string, CaseId[]>();
  const asked = new Map<readonly PromptTurn[], readonly string[]>();
  for (const { id, turns = prompt, variables } of cases) {
    const names = asked.get(turns) ?? templateNames(turns);
    asked.set(turns, names);
    for (const name of names) {
      if (variableIn(variables, name) !== undefined) continue;
      const ids = lacking.get(name);
      if (ids) ids.push(id);
      else lacking.set(name, [id]);
    }
  }
  const known = new Set(cases.flatMap(({ variables }) => Object.keys(variables)));
  return [...lacking].map(([name, caseIds]) => ({ name, caseIds, everywhere: !known.has(name) }));
}
