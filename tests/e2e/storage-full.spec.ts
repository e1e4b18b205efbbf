import { HubControl } from '../fixtures/hub/hub-control';
import { mlcRepository } from '../fixtures/hub/large-repository';
import { expect, test } from './test';

const hubOrigin = 'http://localhost:4280';
// Three times the quota: Chromium lets a few chunks more in, since it counts what has been written a little later.
const modelMiB = 120;
const control = new HubControl(hubOrigin);

test('a quota that ends in the middle is told, keeps what has arrived, and is no dead end', async ({
  page,
  sotto,
  baseURL,
  watched,
}) => {
  // Before the app writes anything: Chromium remembers for half a minute how much space there was. And on a page of the same
  // origin, since the override goes with the process of another.
  await page.goto('/icons/sotto.svg');
  const session = await page.context().newCDPSession(page);
  const origin = new URL(baseURL ?? '').origin;
  await control.addRepository(mlcRepository('sotto-tests/large', modelMiB));
  await session.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: 40 * 1024 ** 2 });
  await control.reset();
  await sotto.open('Settings');
  await sotto.useModelHost(hubOrigin);
  await sotto.goTo('Models');
  const dialog = await sotto.askForModel('sotto-tests/large');
  await sotto.button('Download', dialog).click();
  const card = page.getByRole('article', { name: 'large' });
  await expect(card.getByRole('alert').filter({ hasText: 'not enough space' })).toBeVisible({ timeout: 60_000 });
  await session.send('Storage.overrideQuotaForOrigin', { origin });
  await control.clearLog();
  await sotto.button('Try again', card).click();
  await expect(sotto.button('Delete', card)).toBeVisible();
  await expect(card.getByRole('alert')).toHaveCount(0);
  const again = (await control.log()).reduce((sum, entry) => sum + (entry.status === 206 ? entry.bytesWritten : 0), 0);
  expect(again).toBeLessThan(modelMiB * 1024 ** 2);
  // Of the first page, which has no other.
  watched.forgive(/favicon\.ico/);
});
