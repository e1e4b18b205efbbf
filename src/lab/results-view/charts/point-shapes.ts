/** How contenders are told apart in a chart: by form and filling, and only then by color. */
type Form = 'circle' | 'square' | 'triangle' | 'diamond';

interface PointShape {
  readonly form: Form;
  readonly filled: boolean;
  readonly tone: 'accent' | 'ink';
}

const shapes: readonly PointShape[] = [
  { form: 'circle', filled: true, tone: 'accent' },
  { form: 'square', filled: false, tone: 'ink' },
  { form: 'triangle', filled: true, tone: 'ink' },
  { form: 'diamond', filled: false, tone: 'accent' },
  { form: 'circle', filled: false, tone: 'ink' },
  { form: 'square', filled: true, tone: 'accent' },
  { form: 'triangle', filled: false, tone: 'accent' },
  { form: 'diamond', filled: true, tone: 'ink' },
];

const usual: PointShape = { form: 'circle', filled: true, tone: 'ink' };

export const shapeOf = (series: number): PointShape => shapes[series % shapes.length] ?? usual;

const corners: Readonly<Record<Exclude<Form, 'circle'>, readonly (readonly [number, number])[]>> = {
  square: [
    [-0.9, -0.9],
    [0.9, -0.9],
    [0.9, 0.9],
    [-0.9, 0.9],
  ],
  triangle: [
    [0, -1.15],
    [1.1, 0.85],
    [-1.1, 0.85],
  ],
  diamond: [
    [0, -1.25],
    [1.25, 0],
    [0, 1.25],
    [-1.25, 0],
  ],
};

/** @param size from the middle to the edge, in px */
export function tracePath(ctx: CanvasRenderingContext2D, form: Form, x: number, y: number, size: number): void {
  if (form === 'circle') {
    ctx.arc(x, y, size, 0, 2 * Math.PI);
    return;
  }
  for (const [dx, dy] of corners[form]) ctx.lineTo(x + dx * size, y + dy * size);
  ctx.closePath();
}

/** The same for the legend, in a box of 16 by 16. */
export const legendPoints = (form: Exclude<Form, 'circle'>): string =>
  corners[form].map(([x, y]) => `${8 + 5 * x},${8 + 5 * y}`).join(' ');
