/** A set with what contenders answered. */
import type { SetDraft } from '../../src/shared/domain/lab/case-set';
import type { Contender, LabAnswer } from '../../src/shared/domain/lab/run';
import type { SetResults } from '../../src/shared/protocol/set-files';
import { writeTable } from './csv-table';
import { caseTable } from './write-csv';

/** Answers by contender, case and sample. */
function answerFinder(
  answers: readonly LabAnswer[],
): (contender: string, caseId: string, sample: number) => LabAnswer | undefined {
  const key = (contender: string, caseId: string, sample: number): string =>
    JSON.stringify([contender, caseId, sample]);
  const found = new Map(answers.map((answer) => [key(answer.contenderId, answer.caseId, answer.sample), answer]));
  return (contender, caseId, sample) => found.get(key(contender, caseId, sample));
}

/** Names as the person knows them; two of one name get a number. */
function columnNames(contenders: readonly Contender[]): readonly string[] {
  const taken = new Map<string, number>();
  return contenders.map(({ name, thinking }) => {
    const full = thinking === undefined ? name : `${name} (thinking ${thinking})`;
    const count = (taken.get(full) ?? 0) + 1;
    taken.set(full, count);
    return count === 1 ? full : `${full} #${count}`;
  });
}

const figures: readonly (readonly [title: string, cell: (answer: LabAnswer) => string])[] = [
  ['answer', ({ text }) => text],
  ['outcome', ({ outcome, personal }) => personal ?? outcome],
  ['trouble', ({ trouble }) => trouble?.kind ?? ''],
  ['first token (ms)', ({ firstTokenMs }) => String(Math.round(firstTokenMs))],
  ['total (ms)', ({ totalMs }) => String(Math.round(totalMs))],
  ['tokens', ({ completionTokens }) => String(completionTokens)],
];

/**
 * One row for each case; for each contender, and each sample if there are several, the answer, outcome, and times. What was not
 * answered is empty. The person's own verdict counts before that of the checks.
 */
export async function writeResultsCsv(set: SetDraft, { run, answers }: SetResults): Promise<string> {
  const table = caseTable(set);
  const find = answerFinder(answers);
  const names = columnNames(run.contenders);
  const samples = Array.from({ length: run.settings.samples }, (_, sample) => sample);
  const groups = run.contenders.flatMap(({ id }, index) =>
    samples.map((sample) => ({
      id,
      sample,
      title: (names[index] ?? id) + (samples.length > 1 ? `, sample ${sample + 1}` : ''),
    })),
  );
  const headers = groups.flatMap(({ title }) => figures.map(([figure]) => `${title}: ${figure}`));
  const rows = set.cases.map(({ id: caseId }, index) => [
    ...(table.rows[index] ?? []),
    ...groups.flatMap(({ id, sample }) => {
      const answer = find(id, caseId, sample);
      return figures.map(([, cell]) => (answer ? cell(answer) : ''));
    }),
  ]);
  return writeTable([...table.headers, ...headers], rows);
}
