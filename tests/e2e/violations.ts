import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';

const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** What axe finds on a page that has come to rest: half-way through a change of colours, no contrast is right. */
export async function violationsOn(page: Page): Promise<readonly string[]> {
  await page.evaluate(async () => {
    const isEndless = ({ effect }: Animation): boolean => effect?.getComputedTiming().endTime === Infinity;
    const running = document.getAnimations().filter((animation) => !isEndless(animation));
    await Promise.allSettled(running.map(({ finished }) => finished));
  });
  const { violations } = await new AxeBuilder({ page }).withTags(rules).analyze();
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(' ')).join(', ')}`);
}
