/** What the table of cases shows: a row for each case, a cell for each contender, and which of them a filter lets through. */
import type { CaseId, CaseSet, LabCase } from '../../../shared/domain/lab/case-set';
import type { Outcome } from '../../../shared/domain/lab/check';
import type { Contender, ContenderId, LabAnswer } from '../../../shared/domain/lab/run';
import { outcomeOf } from '../../results/counted-answers';
import { turnsOfCase } from '../../run/ask-case';
import { templateNames, variableIn } from '../../../shared/domain/lab/template';

/** `mixed`: several answers, not all alike. `missing`: not asked yet, or the contender was lost. */
export type CellState = Outcome | 'mixed' | 'missing';

interface CaseCell {
  readonly contenderId: ContenderId;
  /** By sample. */
  readonly answers: readonly LabAnswer[];
  readonly state: CellState;
  readonly passed: number;
}

export interface CaseRow {
  readonly case: LabCase;
  /** From 1, in the order of the set. */
  readonly number: number;
  /** What is asked, in one line. */
  readonly title: string;
  /** In the order of the contenders. */
  readonly cells: readonly CaseCell[];
  readonly differs: boolean;
}

export type CaseFilter =
  { readonly kind: 'all' | 'differing' | 'undecided' } | { readonly kind: 'failed'; readonly contenderId: ContenderId };

const longestTitle = 200;

function cellOf(contenderId: ContenderId, answers: readonly LabAnswer[]): CaseCell {
  const outcomes = answers.map(outcomeOf);
  const passed = outcomes.filter((outcome) => outcome === 'pass').length;
  const [first] = outcomes;
  const alike = outcomes.every((outcome) => outcome === first);
  return { contenderId, answers, passed, state: first === undefined ? 'missing' : alike ? first : 'mixed' };
}

/** The last question of a case; a case without a place for its variables is told by those. */
export function questionOf(set: Pick<CaseSet, 'prompt'>, labCase: LabCase): string {
  const { turns } = turnsOfCase(set, labCase);
  return turns.findLast(({ role }) => role === 'user')?.content ?? Object.values(labCase.variables).join(' · ');
}

/** What is the same in every case says nothing of this one: the variables do, where there are any. */
function titleOf(set: Pick<CaseSet, 'prompt'>, labCase: LabCase): string {
  const { variables } = labCase;
  // Others are for checks, such as the answer that is expected.
  const asked = templateNames(set.prompt).flatMap((name) => variableIn(variables, name) ?? []);
  const told = labCase.turns ? '' : asked.join(' · ');
  return (told || questionOf(set, labCase)).replace(/\s+/g, ' ').trim().slice(0, longestTitle);
}

const isVerdict = (state: CellState): boolean => state === 'pass' || state === 'fail' || state === 'mixed';

/** @param answers of one run, in any order */
export function caseRows(
  set: CaseSet,
  contenders: readonly Contender[],
  answers: readonly LabAnswer[],
): readonly CaseRow[] {
  const byCell = new Map<CaseId, Map<ContenderId, LabAnswer[]>>();
  for (const answer of answers) {
    let ofCase = byCell.get(answer.caseId);
    if (!ofCase) byCell.set(answer.caseId, (ofCase = new Map<ContenderId, LabAnswer[]>()));
    const known = ofCase.get(answer.contenderId);
    if (known) known.push(answer);
    else ofCase.set(answer.contenderId, [answer]);
  }
  return set.cases.map((labCase, index) => {
    const cells = contenders.map(({ id }) => {
      const found = byCell.get(labCase.id)?.get(id) ?? [];
      return cellOf(id, found.length > 1 ? found.toSorted((a, b) => a.sample - b.sample) : found);
    });
    const judged = cells.filter(({ state }) => isVerdict(state));
    const shares = new Set(judged.map(({ passed, answers: { length } }) => passed / length));
    return { case: labCase, number: index + 1, title: titleOf(set, labCase), cells, differs: shares.size > 1 };
  });
}

function passesFilter({ cells, differs }: CaseRow, filter: CaseFilter): boolean {
  switch (filter.kind) {
    case 'all':
      return true;
    case 'differing':
      return differs;
    case 'undecided':
      return cells.some(({ answers }) => answers.some((answer) => outcomeOf(answer) === 'none'));
    case 'failed':
      return cells.some(
        ({ contenderId, answers }) =>
          contenderId === filter.contenderId && answers.some((answer) => outcomeOf(answer) === 'fail'),
      );
  }
}

/** Made once for each answer and case: lower case of a long text takes longer than the search in it. */
const searched = new WeakMap<object, string>();

function searchedText(of: object, text: () => string): string {
  let known = searched.get(of);
  if (known === undefined) searched.set(of, (known = text().toLowerCase()));
  return known;
}

const holds = ({ case: labCase, cells, title }: CaseRow, words: readonly string[]): boolean => {
  const texts = [
    searchedText(labCase, () => [title, ...Object.values(labCase.variables), labCase.reference ?? ''].join('\n')),
    ...cells.flatMap(({ answers }) => answers.map((answer) => searchedText(answer, () => answer.text))),
  ];
  return words.every((word) => texts.some((text) => text.includes(word)));
};

/** @param category null for all @param query all of its words must be found in question, reference or answers */
export function filteredRows(
  rows: readonly CaseRow[],
  filter: CaseFilter,
  category: string | null,
  query: string,
): readonly CaseRow[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  return rows.filter(
    (row) =>
      passesFilter(row, filter) &&
      (category === null || row.case.category === category) &&
      (words.length === 0 || holds(row, words)),
  );
}

/** In the order in which they appear in the set. */
export const categoriesOf = ({ cases }: Pick<CaseSet, 'cases'>): readonly string[] => [
  ...new Set(cases.flatMap(({ category }) => (category ? [category] : []))),
];
