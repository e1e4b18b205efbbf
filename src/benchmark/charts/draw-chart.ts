/** Draws one chart with uPlot, and again when its place or the theme changes. Loaded when the first one is seen. */
import uPlot from 'uplot';
import { axisOf, colorsOf, livingPlot, plainPlot } from '../../ui/living-plot';

export interface ChartSeries {
  readonly name: string;
  readonly values: readonly (number | null)[];
  readonly look: 'line' | 'faint-line' | 'dots' | 'hollow-dots';
}

export interface ChartParts {
  readonly xName: string;
  readonly yName: string;
  readonly x: readonly number[];
  readonly series: readonly ChartSeries[];
  /** Rates: half of the peak must look like half of it. */
  readonly fromZero?: boolean;
}

const size = { leastWidth: 200, height: 208 };
const names = ['ink', 'grid', 'accent'] as const;
type Colors = Record<(typeof names)[number], string>;

function seriesOf({ name, look }: ChartSeries, { accent, ink, grid }: Colors): uPlot.Series {
  const isLine = look === 'line' || look === 'faint-line';
  const color = look === 'faint-line' || look === 'hollow-dots' ? ink : accent;
  return {
    label: name,
    stroke: color,
    width: look === 'line' ? 2 : 1,
    ...(isLine ? {} : { paths: () => null }),
    points: { show: !isLine, size: 7, stroke: color, fill: look === 'dots' ? color : grid },
    spanGaps: true,
  };
}

function optionsOf(place: HTMLElement, parts: ChartParts): uPlot.Options {
  const colors = colorsOf(place, names);
  return {
    ...plainPlot(place, size),
    scales: {
      x: { time: false },
      y: parts.fromZero ? { range: (_, _low, high) => [0, Math.max(high * 1.1, 1e-9)] } : {},
    },
    axes: [axisOf(parts.xName, 20, colors), { ...axisOf(parts.yName, 20, colors), size: 56 }],
    series: [{}, ...parts.series.map((series) => seriesOf(series, colors))],
  };
}

/** @returns how to end it */
export function drawChart(place: HTMLElement, parts: ChartParts): () => void {
  const data = [[...parts.x], ...parts.series.map(({ values }) => [...values])] as uPlot.AlignedData;
  return livingPlot(place, size, () => new uPlot(optionsOf(place, parts), data, place));
}
