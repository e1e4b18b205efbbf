/** Files of one's own from outside: dropped, searched, asked about, and opened where the answer says. */
import { textPdf } from '../fixtures/pdf-bytes';
import { ModelFiles } from './model-files';
import type { SottoPage } from './sotto-page';
import { everywhere, expect, test } from './test';

let files: ModelFiles;
test.beforeEach(async () => {
  files = await ModelFiles.create();
});
test.afterEach(() => files.remove());

/** 200 pages about nothing, and one fact on one of them. */
function report(pages = 200): Promise<Buffer> {
  const lines = Array.from({ length: pages }, (_, index) => [
    `Section ${index + 1} of the yearly report`,
    ...Array.from(
      { length: 20 },
      (_line, line) => `Line ${line} of section ${index + 1} tells of trade in town ${index * 20 + line}.`,
    ),
    ...(index === Math.floor(pages * 0.7) ? ['The lighthouse of Aveiro burned eighteen barrels of whale oil.'] : []),
  ]);
  return textPdf(...lines)
    .arrayBuffer()
    .then((bytes) => Buffer.from(bytes));
}

const pdf = async (pages?: number) => ({
  name: 'report.pdf',
  mimeType: 'application/pdf',
  buffer: await report(pages),
});

async function addFirst({ page }: SottoPage, file: Awaited<ReturnType<typeof pdf>>): Promise<void> {
  const [chooser] = await Promise.all([
    page.waitForEvent('filechooser'),
    page.getByRole('main').getByRole('button', { name: 'Add files' }).click(),
  ]);
  await chooser.setFiles(file);
}

test.describe('a report of 200 pages', () => {
  test.use({ serviceWorkers: 'allow' });

  test('is dropped, asked about and opened at the cited page, without a network', async ({
    context,
    page,
    sotto,
    watched,
  }) => {
    const model = await files.scripted('reader', {
      answer: ['It burned ', 'eighteen barrels ', '[1]', ' a night.'],
      contextTokens: 16_384,
    });
    await sotto.open();
    await sotto.openFile(model);
    await sotto.use('reader');
    await sotto.untilOffline();
    await sotto.goTo('Documents');
    await context.setOffline(true);
    await addFirst(sotto, await pdf());
    const card = page.getByRole('article', { name: 'report', exact: true });
    await expect(card).toContainText('200 pages', { timeout: 30_000 });
    await expect(card).toContainText('Ready', { timeout: 30_000 });
    // Words alone find it, without any model.
    await card.getByRole('searchbox', { name: 'Search in these documents' }).fill('whale oil');
    await expect(card.getByRole('list', { name: 'Passages found' })).toContainText('page 141');
    await sotto.button('Ask in a chat', card).click();
    await expect(page.getByText('Searches report')).toBeVisible();
    await sotto.ask('How many barrels of whale oil did the lighthouse burn?');
    await sotto.whole();
    const places = sotto.answer.getByRole('list', { name: 'Places' });
    await expect(places).toContainText('report.pdf, page 141');
    await sotto.answer.getByRole('button', { name: /^Open place 1/ }).click();
    const dialog = page.getByRole('dialog', { name: 'report.pdf' });
    await expect(dialog.getByRole('region', { name: 'Page 141 of 200' })).toContainText('lighthouse of Aveiro');
    await expect(dialog.locator('mark').filter({ hasText: 'whale' })).toBeVisible();
    await sotto.button('Next page', dialog).click();
    await expect(dialog).toContainText('Section 142');
    await page.keyboard.press('Escape');
    await sotto.answer.getByText(/What went into the prompt/).click();
    await expect(sotto.answer).toContainText('eighteen barrels of whale oil');
    watched.forgive(/\/icons\//);
  });
});
