import { HubControl } from '../fixtures/hub/hub-control';
import { mlcRepository } from '../fixtures/hub/large-repository';
import { hubOrigin } from './hub-origin';
import { limitSpace } from './limited-space';
import { expect, test } from './test';

// Three times the quota: Chromium lets a few chunks more in, since it counts what has been written a little later.
const modelMiB = 120;
const control = new HubControl(hubOrigin);

test('a quota that ends in the middle is told, keeps what has arrived, and is no dead end', async ({
  page,
  sotto,
  watched,
}) => {
  await control.addRepository(mlcRepository('sotto-tests/large', modelMiB));
  const limit = await limitSpace(page, 40 * 1024 ** 2);
  await control.reset();
  await sotto.open('Settings');
  await sotto.useModelHost(hubOrigin);
  await sotto.goTo('Models');
  const dialog = await sotto.askForModel('sotto-tests/large');
  await sotto.button('Download', dialog).click();
  const card = page.getByRole('article', { name: 'large' });
  await expect(card.getByRole('alert').filter({ hasText: 'Not enough space' })).toBeVisible({ timeout: 60_000 });
  await limit(null);
  await control.clearLog();
  await sotto.button('Try again', card).click();
  await expect(sotto.button('Delete', card)).toBeVisible();
  await expect(card.getByRole('alert')).toHaveCount(0);
  const again = (await control.log()).reduce((sum, entry) => sum + (entry.status === 206 ? entry.bytesWritten : 0), 0);
  expect(again).toBeLessThan(modelMiB * 1024 ** 2);
  // Of the first page, which has no other.
  watched.forgive(/favicon\.ico/);
});
