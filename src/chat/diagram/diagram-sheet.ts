/** The document in which a drawing is shown: a sheet of the page's color, on which no text becomes too small to read. */
import type { DiagramAnswer } from '../../shared/protocol/diagram';

/** A wide drawing shrinks to fit, but to no less than this; from there on it scrolls. */
const leastScale = 0.6;

/** Whether the page is dark now, by a person's choice or by the system's. */
export function isDark(): boolean {
  const scheme = getComputedStyle(document.documentElement).colorScheme;
  return scheme === 'dark' || (scheme !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
}

/** @returns HTML for the frame of previews, as hostile as the drawing itself */
export function sheetWith({ svg, width }: Extract<DiagramAnswer, { type: 'drawn' }>, dark: boolean): string {
  const least = Number.isFinite(width) ? Math.round(width * leastScale) : 0;
  const [paper, ink] = dark ? ['#1c1d20', '#e6e6e8'] : ['#fff', '#111'];
  return `<html style="background: ${paper}; color: ${ink}"><head><style>body > svg { min-width: ${least}px }</style></head><body>${svg}</body></html>`;
}
