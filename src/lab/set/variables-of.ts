import type { CaseSet } from '../../shared/domain/lab/case-set';
import { templateNames } from '../../shared/domain/lab/template';

/** What can be filled in for a case: what the prompt asks for, and what cases have besides, such as for checks. */
export const variablesOf = ({ prompt, cases }: Pick<CaseSet, 'prompt' | 'cases'>): readonly string[] => [
  ...new Set([...templateNames(prompt), ...cases.flatMap(({ variables }) => Object.keys(variables))]),
];
