/** What all charts of uPlot share: the colors of the theme, the look of an axis, and a plot that follows its place and the theme. */
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';

/** What the custom properties `--chart-<name>` of a place come to in the theme of now: a canvas knows none. */
export function colorsOf<Name extends string>(place: HTMLElement, names: readonly Name[]): Record<Name, string> {
  const found = names.map((name) => {
    // An element for each: where motion is reduced, a change of color is a short transition, which would tell the color before.
    const probe = document.createElement('span');
    probe.style.color = `var(--chart-${name})`;
    place.append(probe);
    const { color } = getComputedStyle(probe);
    probe.remove();
    return [name, color] as const;
  });
  return Object.fromEntries(found) as Record<Name, string>;
}

export const axisOf = (
  label: string,
  labelSize: number,
  { ink, grid }: Readonly<Record<'ink' | 'grid', string>>,
): uPlot.Axis => ({
  label,
  labelSize,
  labelFont: '12px system-ui, sans-serif',
  font: '12px system-ui, sans-serif',
  stroke: ink,
  grid: { stroke: grid, width: 1 },
  ticks: { stroke: grid, width: 1 },
});

/** Of a plot, in px. */
export interface PlotSize {
  readonly leastWidth: number;
  readonly height: number;
}

const widthIn = (place: HTMLElement, { leastWidth }: PlotSize): number => Math.max(leastWidth, place.clientWidth);

/** What all plots have alike: no legend of uPlot’s own, and nothing under the pointer. */
export const plainPlot = (
  place: HTMLElement,
  size: PlotSize,
): Pick<uPlot.Options, 'width' | 'height' | 'legend' | 'cursor'> => ({
  width: widthIn(place, size),
  height: size.height,
  legend: { show: false },
  cursor: { show: false },
});

/** Makes a plot, and makes it again when the theme changes; when its place does, it gets the new width. @returns how to end it */
export function livingPlot(place: HTMLElement, size: PlotSize, make: () => uPlot): () => void {
  let plot: uPlot | null = null;
  const draw = (): void => {
    plot?.destroy();
    plot = make();
  };
  draw();
  let width = place.clientWidth;
  const resize = new ResizeObserver(() => {
    if (place.clientWidth === width) return;
    width = place.clientWidth;
    plot?.setSize({ width: widthIn(place, size), height: size.height });
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
