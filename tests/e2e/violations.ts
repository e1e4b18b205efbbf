import type { AxeResults, RunOptions } from 'axe-core';
import axe from 'axe-core';
import type { Page } from '@playwright/test';

const options: RunOptions = {
  runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
  resultTypes: ['violations'],
};

declare global {
  var axe: { run(options: RunOptions): Promise<AxeResults> };
}

/** What axe finds on a page that has come to rest: half-way through a change of colors, no contrast is right. */
export async function violationsOn(page: Page): Promise<readonly string[]> {
  await page.evaluate(async () => {
    const isRunning = ({ effect, playState }: Animation): boolean =>
      playState === 'running' && effect?.getComputedTiming().endTime !== Infinity;
    // Frame by frame: where nothing that is seen changes, Chromium draws no frames by itself, and no animation comes to its end.
    while (document.getAnimations().some(isRunning)) await new Promise((resolve) => requestAnimationFrame(resolve));
  });
  await page.evaluate(axe.source);
  const violations = await page.evaluate(async (given) => {
    const results = await globalThis.axe.run(given);
    return results.violations.map(({ id, nodes }) => ({ id, targets: nodes.map(({ target }) => target.join(' ')) }));
  }, options);
  return violations.map(({ id, targets }) => `${id}: ${targets.join(', ')}`);
}
