/** The columns of the tables of a report. Made anew each time: the language may have changed. */
import { formatBytes, formatCount, formatDuration, formatRate } from '../../text/formatting';
import { m } from '../../text/paraglide/messages.js';
import type { Score } from '../results/score';
import type { ContenderRow } from '../results/summarize';
import { intervalWords } from '../words/result-words';
import type { Column } from './markdown-table';

const formatted = (value: number | null | undefined, format: (value: number) => string): string | null =>
  value === null || value === undefined ? null : format(value);

/** No column for what there is none of. */
const counted = (count: number): string | null => (count > 0 ? formatCount(count) : null);

/** @param scoreOf of a row */
export const scoreColumns = <Row>(scoreOf: (row: Row) => Score): Column<Row>[] => [
  {
    title: m.lab_col_passed(),
    cell: (row) =>
      m.lab_passed_of({ passed: formatCount(scoreOf(row).passed), judged: formatCount(scoreOf(row).judged) }),
  },
  { title: m.lab_col_interval(), cell: (row) => intervalWords(scoreOf(row).interval) },
  { title: m.lab_col_undecided(), cell: (row) => counted(scoreOf(row).undecided) },
  { title: m.lab_col_missing(), cell: (row) => counted(scoreOf(row).missing) },
];

export const resultColumns = (): Column<ContenderRow>[] => [
  { title: m.lab_col_model(), cell: ({ contender }) => contender.name },
  ...scoreColumns<ContenderRow>(({ score }) => score),
  { title: m.lab_col_first_token(), cell: ({ speed }) => formatted(speed.firstToken?.median, formatDuration) },
  { title: m.lab_col_first_token_p95(), cell: ({ speed }) => formatted(speed.firstToken?.p95, formatDuration) },
  { title: m.lab_col_whole(), cell: ({ speed }) => formatted(speed.whole?.median, formatDuration) },
  { title: m.lab_col_whole_p95(), cell: ({ speed }) => formatted(speed.whole?.p95, formatDuration) },
  { title: m.lab_col_speed(), cell: ({ speed }) => formatted(speed.tokensPerSecond, formatRate) },
  { title: m.lab_col_tokens(), cell: ({ speed }) => formatted(speed.tokens?.answer, formatRate) },
  { title: m.lab_col_thought(), cell: ({ speed }) => formatted(speed.tokens?.thought || null, formatRate) },
  { title: m.lab_col_memory(), cell: ({ facts }) => formatted(facts?.memoryBytes, formatBytes) },
  { title: m.lab_col_size(), cell: ({ facts }) => formatted(facts?.bytes || null, formatBytes) },
  { title: m.lab_col_license(), cell: ({ facts }) => facts?.license ?? null },
];
