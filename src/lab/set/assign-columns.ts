/** Which column of a table is the question and which the answer that is expected, as the person says: a file may not tell. */
import type { CaseSet, LabCase } from '../../shared/domain/lab/case-set';
import type { Check } from '../../shared/domain/lab/check';

export type ExpectedAs = 'contains' | 'equals' | 'number' | 'reference';

export interface ColumnRoles {
  readonly question: string;
  /** Empty where no column has it. */
  readonly expected: string;
  readonly as: ExpectedAs;
}

function checkOf(as: ExpectedAs, value: string): Check | null {
  switch (as) {
    case 'contains':
      return { kind: 'contains', value, ignoresCase: true };
    case 'equals':
      return { kind: 'equals', value };
    case 'number': {
      const number = Number(value.replaceAll(',', ''));
      return Number.isFinite(number) ? { kind: 'number', value: number } : null;
    }
    case 'reference':
      return null;
  }
}

function assigned(labCase: LabCase, { expected, as }: ColumnRoles): LabCase {
  const value = Object.hasOwn(labCase.variables, expected) ? labCase.variables[expected]?.trim() : undefined;
  if (value === undefined || value === '') return labCase;
  const check = checkOf(as, value);
  // A number that is none can't be checked; it is still worth seeing beside the answers.
  return { ...labCase, reference: value, ...(check && { checks: [...labCase.checks, check] }) };
}

export const assignColumns = <Set extends Pick<CaseSet, 'prompt' | 'cases'>>(set: Set, roles: ColumnRoles): Set => ({
  ...set,
  prompt: [{ role: 'user', content: `{{${roles.question}}}` }],
  cases: roles.expected === '' ? set.cases : set.cases.map((labCase) => assigned(labCase, roles)),
});
