/** Draws one chart with uPlot, and again when its place or the theme changes. Loaded when the first one is seen. */
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';

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

const height = 208;
const names = ['ink', 'grid', 'accent'] as const;
type Colors = Record<(typeof names)[number], string>;

/** What the custom properties come to in the theme of now. */
function colorsOf(place: HTMLElement): Colors {
  const probe = document.createElement('span');
  place.append(probe);
  const found = names.map((name) => {
    probe.style.color = `var(--chart-${name})`;
    return [name, getComputedStyle(probe).color] as const;
  });
  probe.remove();
  return Object.fromEntries(found) as Colors;
}

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
  const colors = colorsOf(place);
  const axis = (label: string): uPlot.Axis => ({
    label,
    labelSize: 20,
    labelFont: '12px system-ui, sans-serif',
    font: '12px system-ui, sans-serif',
    stroke: colors.ink,
    grid: { stroke: colors.grid, width: 1 },
    ticks: { stroke: colors.grid, width: 1 },
  });
  return {
    width: Math.max(200, place.clientWidth),
    height,
    legend: { show: false },
    cursor: { show: false },
    scales: {
      x: { time: false },
      y: parts.fromZero ? { range: (_, _low, high) => [0, Math.max(high * 1.1, 1e-9)] } : {},
    },
    axes: [axis(parts.xName), { ...axis(parts.yName), size: 56 }],
    series: [{}, ...parts.series.map((series) => seriesOf(series, colors))],
  };
}

/** @returns how to end it */
export function drawChart(place: HTMLElement, parts: ChartParts): () => void {
  let plot: uPlot | null = null;
  const draw = (): void => {
    plot?.destroy();
    const data = [[...parts.x], ...parts.series.map(({ values }) => [...values])] as uPlot.AlignedData;
    plot = new uPlot(optionsOf(place, parts), data, place);
  };
  draw();
  let width = place.clientWidth;
  const resize = new ResizeObserver(() => {
    if (place.clientWidth === width) return;
    width = place.clientWidth;
    plot?.setSize({ width: Math.max(200, width), height });
  });
  resize.observe(place);
  // The person's choice is an attribute of the page, the system's a media query.
  const theme = new MutationObserver(draw);
  theme.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
  const dark = matchMedia('(prefers-color-scheme: dark)');
  dark.addEventListener('change', draw);
  return () => {
    resize.disconnect();
    theme.disconnect();
    dark.removeEventListener('change', draw);
    plot?.destroy();
  };
}
