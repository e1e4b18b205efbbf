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
  const named = 'repository' in manifest ? 2 : 1;
  await expect(about.getByRole('link')).toHaveCount(named);
});

test('About has what a report of a bug needs, shown before it is copied', async ({ page, sotto }) => {
  await sotto.open();
  await page.goto('/#/settings/about');
  const about = page.locator('#settings-about');
  await about.getByText('Diagnostics for a bug report').click();
  const report = about.getByRole('region', { name: 'Diagnostics for a bug report' });
  await expect(report).toContainText(`Sotto ${manifest.version}`);
  await expect(report).toContainText('"webgpu"');
  await expect(sotto.button('Copy', about)).toBeVisible();
});

test('About leads to the licenses of everything that ships', async ({ page, sotto, watched }) => {
  await sotto.open('Settings');
  const opened = page.waitForEvent('popup');
  await page.locator('#settings-about').getByRole('link', { name: 'Licenses and notices' }).click();
  const text = (await opened).locator('body');
  await expect(text).toContainText(`Sotto ${manifest.version}: licenses`);
  // From the page, from workers, from WebAssembly, and a name that needs the right encoding.
  for (const name of [
    'svelte',
    'comlink',
    'llama.cpp and ggml',
    'Fonts of KaTeX',
    'pdfjs-dist',
    '© 2005-2020 Rich Felker',
  ])
    await expect(text).toContainText(name);
  // The browser asks for the icon of a tab that has no page of ours in it.
  watched.forgive(/favicon/);
});
