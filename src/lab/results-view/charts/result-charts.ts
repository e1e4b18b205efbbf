/** What the charts of a run show. */
import { formatDuration, formatPercent } from '../../../text/formatting';
import { m } from '../../../text/paraglide/messages.js';
import { shareOf, type Score } from '../../results/score';
import type { ContenderRow } from '../../results/summarize';
import type { ChartPoint, PointChart } from './draw-points';

/** Of one place on the axis, how much the contenders share: the rest keeps their groups apart. */
const groupWidth = 0.6;

const scoreRange = ({ interval }: Score): readonly [number, number] | undefined =>
  interval ? [interval.low, interval.high] : undefined;

/** Score against the time of an answer: the best are at the upper left. */
export function speedChart(rows: readonly ContenderRow[]): PointChart {
  const points = rows.flatMap(({ score, speed: { whole } }, series): ChartPoint[] => {
    const y = shareOf(score);
    if (y === null || !whole) return [];
    const xRange = whole.interval && ([whole.interval.low, whole.interval.high] as const);
    return [{ x: whole.median, y, series, yRange: scoreRange(score), xRange: xRange ?? undefined }];
  });
  return {
    xName: m.lab_chart_time_axis(),
    yName: m.lab_results_score(),
    points,
    formatX: formatDuration,
    formatY: formatPercent,
  };
}

/** Score by category, contenders beside each other; null where the set names fewer than two. */
export function categoryChart(rows: readonly ContenderRow[]): PointChart | null {
  const [first] = rows;
  if (!first || first.categories.length < 2) return null;
  const step = groupWidth / Math.max(1, rows.length);
  const points = rows.flatMap(({ categories }, series) =>
    categories.flatMap(({ score }, place): ChartPoint[] => {
      const y = shareOf(score);
      const x = place + step * (series - (rows.length - 1) / 2);
      return y === null ? [] : [{ x, y, series, yRange: scoreRange(score) }];
    }),
  );
  return {
    xName: m.lab_cases_category(),
    yName: m.lab_results_score(),
    points,
    xTicks: first.categories.map(({ category }) => category ?? m.lab_category_none()),
    formatX: String,
    formatY: formatPercent,
  };
}
