/** The settings as a whole: their sections, and what Sotto says of itself. */
import manifest from '../../package.json' with { type: 'json' };
import { expect, test } from './test';

test('every section can be jumped to, and the lock stands near the top', async ({ page, sotto }) => {
  await sotto.open('Settings');
  const links = page.getByRole('navigation', { name: 'Sections' }).getByRole('link');
  await expect(links).toHaveText([
    'General',
    'Privacy and lock',
    'Answers',
    'Personas',
    'Models and storage',
    'Offline and updates',
    'About',
  ]);
  for (const name of await links.allTextContents()) {
    await links.filter({ hasText: name }).click();
    const heading = page.getByRole('heading', { level: 2, name, exact: true });
    await expect(heading).toBeFocused();
    await expect(heading).toBeInViewport();
    expect(page.url()).toContain('#/settings/');
  }
  await page.goto('/#/settings/about');
  await page.reload();
  await expect(page.getByRole('heading', { level: 2, name: 'About' })).toBeFocused();
});

test('About tells version and license, and links to no address that nobody has named', async ({ page, sotto }) => {
  await sotto.open('Settings');
  const about = page.locator('#settings-about');
  await expect(about).toContainText(manifest.version);
  await expect(about).toContainText(manifest.license);
  const named = 'repository' in manifest ? 1 : 0;
  await expect(about.getByRole('link')).toHaveCount(named);
});
