/** "Add a model" searches the model host: when a person asks, and not before. */
import { HubControl } from '../fixtures/hub/hub-control';
import { hubOrigin } from './hub-origin';
import { expect, test } from './test';

const control = new HubControl(hubOrigin);

test.beforeEach(async ({ page, sotto }) => {
  await control.reset();
  await page.addInitScript((origin) => localStorage.setItem('sotto.hub-url', origin), hubOrigin);
  await sotto.open('Models');
  await sotto.button('Add a model').click();
});

test('a model is found by words, looked at, and fetched', async ({ page, sotto }) => {
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('searchbox', { name: 'Search words' }).fill('two ggufs');
  expect(
    (await control.log()).filter(({ place }) => place === 'search'),
    'nothing is sent while one types',
  ).toEqual([]);
  await sotto.button('Search', dialog).click();
  await expect(dialog.getByRole('status').filter({ hasText: '1 model found' })).toBeVisible();
  const found = dialog.getByRole('list', { name: 'Models found' }).getByRole('button', { name: /two-ggufs/ });
  await expect(found).toContainText(/MB to .*MB.*apache-2\.0.*12 downloads/);
  await found.click();
  await dialog.getByRole('radio', { name: /two-Q8_0/ }).check();
  await sotto.button('Next', dialog).click();
  await sotto.button('Download', dialog).click();
  await expect(sotto.button('Use', page.getByRole('article', { name: 'two-Q8_0' }))).toBeVisible();
  // It is told where all requests are told.
  await sotto.goTo('Privacy');
  await page.getByRole('checkbox', { name: 'Other hosts only' }).check();
  await expect(page.getByRole('row', { name: /\/api\/models(?!\/).*a model/ }).first()).toBeVisible();
});

test('a search that is blocked is told, and can be tried again', async ({ page, sotto, watched }) => {
  const dialog = page.getByRole('dialog');
  const fault = await control.fault({ type: 'no-cors', at: ['search'] });
  await dialog.getByRole('searchbox', { name: 'Search words' }).fill('tiny');
  await sotto.button('Search', dialog).click();
  await expect(dialog.getByRole('alert')).toBeVisible();
  await control.clearFaults(fault);
  await sotto.button('Try again', dialog).click();
  await expect(dialog.getByRole('list', { name: 'Models found' }).getByRole('button').first()).toBeVisible();
  await expect(dialog.getByRole('alert')).toHaveCount(0);
  watched.forgive(/CORS|ERR_FAILED/);
});
