/** Draws points with their intervals as crosses, with uPlot, and again when place or theme change. Loaded with the first chart. */
import uPlot from 'uplot';
import { cutText } from '../../../shared/domain/cut-text';
import { axisOf, colorsOf, livingPlot, plainPlot } from '../../../ui/living-plot';
import { shapeOf, tracePath } from './point-shapes';

export interface ChartPoint {
  readonly x: number;
  readonly y: number;
  /** Ends of the interval, where it is known. */
  readonly xRange?: readonly [low: number, high: number] | undefined;
  readonly yRange?: readonly [low: number, high: number] | undefined;
  /** Index of the series: its shape. */
  readonly series: number;
}

export interface PointChart {
  readonly xName: string;
  readonly yName: string;
  readonly points: readonly ChartPoint[];
  /** Names of the whole numbers of the x axis from 0 on, where it has no scale. */
  readonly xTicks?: readonly string[];
  /** Points of a series are joined. */
  readonly joined?: boolean;
  readonly formatX: (value: number) => string;
  readonly formatY: (value: number) => string;
}

const size = { leastWidth: 220, height: 260 };
/** Steps of an axis. uPlot's own have a quarter, too: 2.5 ms and 7.5 ms would be shown as 3 and 8. */
const steps = Array.from({ length: 15 }, (_, power) => [1, 2, 5].map((step) => step * 10 ** (power - 4))).flat();
/** Of an axis, in px. */
const characterWidth = 8;
const names = ['ink', 'grid', 'accent', 'paper'] as const;
type Colors = Record<(typeof names)[number], string>;

function drawPoints(plot: uPlot, { points, joined }: PointChart, colors: Colors): void {
  const { ctx } = plot;
  const scale = devicePixelRatio;
  const at = (value: number, axis: 'x' | 'y'): number => plot.valToPos(value, axis, true);
  ctx.save();
  for (const { x, y, xRange, yRange, series } of points) {
    ctx.strokeStyle = colors[shapeOf(series).tone];
    ctx.lineWidth = 1.25 * scale;
    ctx.beginPath();
    if (xRange) {
      ctx.moveTo(at(xRange[0], 'x'), at(y, 'y'));
      ctx.lineTo(at(xRange[1], 'x'), at(y, 'y'));
    }
    if (yRange) {
      ctx.moveTo(at(x, 'x'), at(yRange[0], 'y'));
      ctx.lineTo(at(x, 'x'), at(yRange[1], 'y'));
    }
    ctx.stroke();
  }
  if (joined) drawLines(plot, points, colors);
  for (const { x, y, series } of points) {
    const shape = shapeOf(series);
    ctx.beginPath();
    tracePath(ctx, shape.form, at(x, 'x'), at(y, 'y'), 5 * scale);
    ctx.lineWidth = 1.75 * scale;
    ctx.strokeStyle = colors[shape.tone];
    ctx.fillStyle = shape.filled ? colors[shape.tone] : colors.paper;
    ctx.fill();
    ctx.stroke();
  }
  ctx.restore();
}

function drawLines(plot: uPlot, points: readonly ChartPoint[], colors: Colors): void {
  const { ctx } = plot;
  for (const series of new Set(points.map((point) => point.series))) {
    ctx.strokeStyle = colors[shapeOf(series).tone];
    ctx.lineWidth = devicePixelRatio;
    ctx.beginPath();
    for (const { x, y } of points.filter((point) => point.series === series))
      ctx.lineTo(plot.valToPos(x, 'x', true), plot.valToPos(y, 'y', true));
    ctx.stroke();
  }
}

function optionsOf(place: HTMLElement, chart: PointChart): uPlot.Options {
  const colors = colorsOf(place, names);
  const { points, xTicks, formatX, formatY } = chart;
  const axis = (label: string, format: (value: number) => string): uPlot.Axis => ({
    ...axisOf(label, 22, colors),
    values: (_, values) => values.map(format),
  });
  // Names longer than their place would run into each other.
  const longest = Math.max(4, Math.floor(place.clientWidth / (xTicks?.length ?? 1) / characterWidth));
  const widest = Math.max(...points.map(({ x, xRange }) => xRange?.[1] ?? x), 0);
  return {
    ...plainPlot(place, size),
    scales: {
      x: { time: false, range: () => (xTicks ? [-0.5, xTicks.length - 0.5] : [0, widest * 1.08 || 1]) },
      y: { range: () => [0, 1] },
    },
    axes: [
      {
        incrs: steps,
        ...axis(chart.xName, (value) => (xTicks ? cutText(xTicks[value] ?? '', longest) : formatX(value))),
        ...(xTicks && { splits: () => xTicks.map((_, index) => index), grid: { show: false } }),
      },
      { ...axis(chart.yName, formatY), size: 56 },
    ],
    series: [{}, { paths: () => null, points: { show: false } }],
    hooks: { draw: [(plot) => drawPoints(plot, chart, colors)] },
  };
}

/** @returns how to end it */
export function drawPointChart(place: HTMLElement, chart: PointChart): () => void {
  const sorted = chart.points.toSorted((a, b) => a.x - b.x);
  const data: uPlot.AlignedData = [sorted.map(({ x }) => x), sorted.map(({ y }) => y)];
  return livingPlot(place, size, () => new uPlot(optionsOf(place, chart), data, place));
}
