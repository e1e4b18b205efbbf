/** Models come onto the device from an address and from a file, are seen in every tab, and chat. */
import { HubControl } from '../fixtures/hub/hub-control';
import { mlcRepository } from '../fixtures/hub/large-repository';
import { standardAnswers } from '../fixtures/hub/standard-answers';
import { cdnOrigin, hubOrigin } from './hub-origin';
import { ModelFiles } from './model-files';
import { SottoPage } from './sotto-page';
import { everywhere, expect, test } from './test';

const control = new HubControl(hubOrigin);
const tiny = 'tiny-Q4_K_M';
const tinyAnswer = standardAnswers.tiny.join('');

test.beforeEach(async ({ sotto }) => {
  await control.reset();
  await sotto.open('Settings');
  await sotto.useModelHost(hubOrigin);
});

test.describe(() => {
  test.use({ serviceWorkers: 'allow' });

  test(
    'a GGUF added by its address is looked at, fetched, verified, and chats; offline too',
    everywhere,
    async ({ page, sotto, context, watched }) => {
      await sotto.untilOffline();
      await sotto.goTo('Models');
      const dialog = await sotto.askForModel('https://huggingface.co/sotto-tests/tiny-gguf');
      // The header, before the bytes.
      await expect(dialog.getByText('qwen2', { exact: true })).toBeVisible();
      await expect(dialog.getByText('apache-2.0')).toBeVisible();
      await sotto.button('Download', dialog).click();
      await sotto.use(tiny);
      await context.setOffline(true);
      expect(await sotto.answerTo('Hello?')).toContain(tinyAnswer);
      await context.setOffline(false);
      // Chromium asks for the icon of the tab again whenever the address changes.
      watched.forgive(/ERR_INTERNET_DISCONNECTED .*sotto\.svg/);

      // It is the one in use after a reload.
      await page.reload();
      await expect(sotto.button('Model')).toContainText(tiny);
      expect(await sotto.answerTo('And now?')).toContain(tinyAnswer);
    },
  );
});

test('each request for a model stands in the table of the Privacy page', async ({ page, sotto }) => {
  await sotto.goTo('Models');
  await sotto.askForModel('sotto-tests/tiny-gguf');
  await page.keyboard.press('Escape');
  await sotto.goTo('Privacy');
  await page.getByRole('checkbox', { name: 'Other hosts only' }).check();
  const table = page.getByRole('table', { name: 'Requests' });
  await expect(
    table.getByRole('row', { name: new RegExp(`${new URL(hubOrigin).host}.*tiny-gguf/revision/main.*a model`) }),
  ).toBeVisible();
  await expect(table.getByRole('row', { name: new URL(cdnOrigin).host }).first()).toBeVisible();
});

test(
  'a GGUF added from a file is copied, and stays when the page is closed',
  everywhere,
  async ({ page, sotto, context }) => {
    const files = await ModelFiles.create();
    await sotto.open();
    await sotto.useFile(await files.scripted('from-disk', { answer: ['carried ', 'here '] }), 'from-disk');
    await files.remove();
    expect(await sotto.answerTo('Hello?')).toContain('carried here');
    await page.close();
    const again = new SottoPage(await context.newPage());
    await again.open();
    expect(await again.answerTo('Still there?')).toContain('carried here');
  },
);

test('a split GGUF is one model, and a repository with several gives the choice', async ({ page, sotto }) => {
  await sotto.goTo('Models');
  const split = await sotto.askForModel('sotto-tests/split-gguf');
  await sotto.button('Download', split).click();
  await sotto.use('split-Q4_K_M');
  expect(await sotto.answerTo('Hello?')).toContain(standardAnswers.split.join(''));

  await sotto.goTo('Models');
  const choice = await sotto.askForModel('sotto-tests/two-ggufs');
  await choice.getByRole('radio', { name: /two-Q8_0/ }).check();
  await choice.getByRole('button', { name: /Next|Continue|Add|Look/ }).click();
  await sotto.button('Download', choice).click();
  await expect(page.getByRole('article', { name: 'two-Q8_0' })).toBeVisible();
});

test('a download is paused, resumed, cancelled with undo, and the same in another tab', async ({
  page,
  sotto,
  context,
}) => {
  await control.addRepository(mlcRepository('sotto-tests/slow', 24));
  await control.set({ bytesPerSecond: 1e6 });
  await sotto.goTo('Models');
  const dialog = await sotto.askForModel('sotto-tests/slow');
  await sotto.button('Download', dialog).click();
  const card = page.getByRole('article', { name: 'slow' });
  const bar = card.getByRole('progressbar');
  await expect.poll(async () => Number(await bar.getAttribute('aria-valuenow'))).toBeGreaterThan(5);

  const other = new SottoPage(await context.newPage());
  await other.open('Models');
  const otherCard = other.page.getByRole('article', { name: 'slow' });
  await expect
    .poll(async () => Number(await otherCard.getByRole('progressbar').getAttribute('aria-valuenow')))
    .toBeGreaterThan(8);
  await other.button('Pause', otherCard).click();
  await expect(sotto.button('Resume', card)).toBeVisible();

  await sotto.button('Cancel', card).click();
  await expect(card).toHaveCount(0);
  await sotto.button('Undo').click();
  await expect(sotto.button('Resume', card)).toBeVisible();
  expect(Number(await bar.getAttribute('aria-valuenow'))).toBeGreaterThan(5);

  await control.set({ bytesPerSecond: null });
  await sotto.button('Resume', card).click();
  await expect(sotto.button('Delete', card)).toBeVisible();
  await expect(sotto.button('Delete', otherCard)).toBeVisible();
});

test('a download goes on by itself after the page was closed', async ({ page, sotto, context }) => {
  await control.set({ bytesPerSecond: 2e5 });
  await sotto.goTo('Models');
  const dialog = await sotto.askForModel('sotto-tests/tiny-gguf');
  await sotto.button('Download', dialog).click();
  await expect(page.getByRole('article', { name: tiny }).getByRole('progressbar')).toBeVisible();
  await page.close();
  await control.set({ bytesPerSecond: null });
  const again = new SottoPage(await context.newPage());
  await again.open();
  await again.use(tiny);
  expect(await again.answerTo('Hello?')).toContain(tinyAnswer);
});

const refused = [
  ['nobody/nothing', /needs permission|Nothing found at this address/i],
  ['https://models.example/model.gguf', /host isn’t allowed/i],
  ['just some words', /No model found/i],
] as const;
for (const [address, words] of refused) {
  test(`the address "${address}" is refused in words`, async ({ sotto, watched }) => {
    await sotto.goTo('Models');
    const dialog = await sotto.askForModel(address);
    await expect(dialog.getByRole('alert').filter({ hasText: words })).toBeVisible();
    // The browser itself notes a refused answer.
    watched.forgive(/status of 401/);
  });
}

test('"Delete everything" frees the models, too', everywhere, async ({ page, sotto }) => {
  await sotto.goTo('Models');
  const dialog = await sotto.askForModel('sotto-tests/tiny-gguf');
  await sotto.button('Download', dialog).click();
  await expect(sotto.button('Use', page.getByRole('article', { name: tiny }))).toBeVisible();
  await sotto.deleteEverything();
  await sotto.goTo('Models');
  await expect(page.getByRole('article', { name: 'Guide' })).toBeVisible();
  await expect(page.getByRole('article', { name: tiny })).toHaveCount(0);
});
