/** The scores of all runs of the same cases, in the order of time. */
import type { LabRun, RunId } from '../../../shared/domain/lab/run';
import type { WholeRun } from '../../../storage/stored-lab';
import { formatDay, formatPercent } from '../../../text/formatting';
import { m } from '../../../text/paraglide/messages.js';
import { shareOf } from '../../results/score';
import { summarize, type ContenderRow } from '../../results/summarize';
import type { ChartPoint, PointChart } from '../charts/draw-points';

interface SummarizedRun {
  readonly run: LabRun;
  readonly rows: readonly ContenderRow[];
}

/** Run by run: the answers of one are enough to hold in memory. @returns oldest first */
export async function summarizedRuns(
  whole: WholeRun,
  others: readonly LabRun[],
  read: (id: RunId) => Promise<WholeRun | null>,
): Promise<readonly SummarizedRun[]> {
  const runs: SummarizedRun[] = [{ run: whole.run, rows: summarize(whole.run, whole.set, whole.answers) }];
  for (const { id } of others) {
    const other = await read(id);
    if (other) runs.push({ run: other.run, rows: summarize(other.run, other.set, other.answers) });
  }
  return runs.sort((a, b) => a.run.startedAt - b.run.startedAt);
}

const seriesName = ({ contender: { name, thinking } }: ContenderRow): string =>
  thinking === undefined
    ? name
    : `${name}, ${thinking === 'on' ? m.lab_results_thinking_on() : m.lab_results_thinking_off()}`;

/** @param runs oldest first */
export function historyChart(runs: readonly SummarizedRun[]): {
  readonly chart: PointChart;
  readonly series: readonly string[];
} {
  const series = [...new Set(runs.flatMap(({ rows }) => rows.map(seriesName)))];
  const points = runs.flatMap(({ rows }, x) =>
    rows.flatMap((row): ChartPoint[] => {
      const y = shareOf(row.score);
      const { interval } = row.score;
      if (y === null) return [];
      return [
        { x, y, series: series.indexOf(seriesName(row)), yRange: interval ? [interval.low, interval.high] : undefined },
      ];
    }),
  );
  return {
    series,
    chart: {
      xName: m.lab_history_axis(),
      yName: m.lab_results_score(),
      points,
      joined: true,
      xTicks: runs.map(({ run }) =>
        run.importedAt === undefined ? formatDay(run.startedAt) : `${formatDay(run.startedAt)}\n${m.lab_imported()}`,
      ),
      formatX: String,
      formatY: formatPercent,
    },
  };
}
