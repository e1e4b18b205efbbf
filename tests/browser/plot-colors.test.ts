/** What a plot draws with: a canvas knows no custom properties. */
import { afterEach, expect, it } from 'vitest';
import { colorsOf } from '../../src/ui/living-plot';

const place = document.createElement('div');
const style = document.createElement('style');

afterEach(() => {
  place.remove();
  style.remove();
});

function put(): void {
  place.style.setProperty('--chart-ink', 'rgb(10, 10, 10)');
  place.style.setProperty('--chart-grid', 'rgb(200, 200, 200)');
  place.style.setProperty('--chart-accent', 'rgb(0, 100, 120)');
  document.body.append(place);
}

const expected = { ink: 'rgb(10, 10, 10)', grid: 'rgb(200, 200, 200)', accent: 'rgb(0, 100, 120)' };

it('the colors of a plot are those of its place', () => {
  put();
  expect(colorsOf(place, ['ink', 'grid', 'accent'])).toEqual(expected);
  expect(place.childElementCount).toBe(0);
});

it('they are so where motion is reduced, too', () => {
  // As the page does it: every change is a transition then, if one that nobody sees.
  style.textContent = '* { transition-duration: 0.01ms !important; }';
  document.head.append(style);
  put();
  expect(colorsOf(place, ['ink', 'grid', 'accent'])).toEqual(expected);
});
