/** Files of one's own from outside: added, searched, asked about, and opened where the answer says. */
import type { Locator } from '@playwright/test';
import { scannedPdf, textPdf } from '../fixtures/pdf-bytes';
import { ModelFiles } from './model-files';
import type { SottoPage } from './sotto-page';
import { everywhere, expect, test } from './test';

const fact = 'The lighthouse of Aveiro burned eighteen barrels of whale oil.';

interface GivenFile {
  readonly name: string;
  readonly mimeType: string;
  readonly buffer: Buffer;
}

const given = async (name: string, content: Blob): Promise<GivenFile> => ({
  name,
  mimeType: content.type,
  buffer: Buffer.from(await content.arrayBuffer()),
});

/** Pages about nothing, and a fact on page 141. */
function report(pages: number): Promise<GivenFile> {
  const lines = Array.from({ length: pages }, (_page, index) => [
    `Section ${index + 1} of the yearly report`,
    ...Array.from({ length: 20 }, (_line, line) => `Section ${index + 1} tells of trade in town ${index * 20 + line}.`),
    ...(index === 140 ? [fact] : []),
  ]);
  return given('report.pdf', textPdf(...lines));
}

/** In the first "Add files" of the screen, or of a part of it. */
async function add({ page }: SottoPage, files: readonly GivenFile[], within: Locator): Promise<void> {
  const [chooser] = await Promise.all([
    page.waitForEvent('filechooser'),
    within.getByRole('button', { name: 'Add files' }).click(),
  ]);
  await chooser.setFiles([...files]);
}

test.describe('without a network', () => {
  let files: ModelFiles;
  test.beforeEach(async () => {
    files = await ModelFiles.create();
  });
  test.afterEach(() => files.remove());
  test.use({ serviceWorkers: 'allow' });

  test('a report of 200 pages is added, asked about, and opened at the cited page', async ({
    context,
    page,
    sotto,
    watched,
  }) => {
    const answer = ['It burned ', 'eighteen barrels ', '[1]', ' a night.'];
    await sotto.open();
    await sotto.useFile(await files.scripted('reader', { answer, contextTokens: 16_384 }), 'reader');
    await sotto.untilOffline();
    await sotto.goTo('Documents');
    await context.setOffline(true);
    await add(sotto, [await report(200)], page.getByRole('main'));
    const card = page.getByRole('article', { name: 'report', exact: true });
    await expect(card).toContainText(/Ready · 200 pages/, { timeout: 30_000 });
    await sotto.button('Ask in a chat', card).click();
    await expect(page.getByRole('button', { name: 'Searches report' })).toBeVisible();
    await sotto.ask('How many barrels of whale oil did the lighthouse burn?');
    await sotto.whole();
    await expect(sotto.answer.getByRole('list', { name: 'Places' })).toContainText('report.pdf, page 141');
    await sotto.answer.getByText(/What went into the prompt: [\d,]+ tokens/).click();
    await expect(sotto.answer).toContainText(fact);
    await sotto.answer.getByRole('button', { name: /^Open place 1/ }).click();
    const dialog = page.getByRole('dialog', { name: 'report.pdf' });
    await expect(dialog.getByRole('region', { name: 'Page 141 of 200' })).toContainText(fact);
    await expect(dialog.locator('mark').filter({ hasText: 'whale' })).toBeVisible();
    await sotto.button('Next page', dialog).click();
    await expect(dialog.getByRole('region', { name: 'Page 142 of 200' })).toContainText('Section 142');
    watched.forgive(/\/icons\//);
  });
});

test(
  'files are searched by their words without a model, deleted, and brought back',
  everywhere,
  async ({ page, sotto }) => {
    await sotto.open('Documents');
    const notes = new Blob(['# Whales\n\nWhales sing at night.\n'], { type: 'text/markdown' });
    await add(sotto, [await given('notes.md', notes), await given('scan.pdf', scannedPdf())], page.getByRole('main'));
    const card = page.getByRole('article', { name: 'notes', exact: true });
    await expect(card.getByRole('list', { name: 'Documents in notes' })).toContainText('Ready', { timeout: 30_000 });
    await expect(card).toContainText('The PDF has no text');
    await card.getByRole('searchbox', { name: 'Search in these documents' }).fill('singing whale');
    await card.getByRole('list', { name: 'Passages found' }).getByRole('link').click();
    await expect(page.getByRole('heading', { level: 1, name: 'notes.md' })).toBeVisible();
    await expect(page.locator('mark').first()).toHaveText('Whales');
    // The address alone leads there again.
    await page.reload();
    await expect(page.getByRole('region', { name: 'Part 1 of 1' })).toContainText('Whales sing at night.');
    await page.getByRole('link', { name: 'All documents' }).click();
    await sotto.button('More for notes', card).click();
    await page.getByRole('menuitem', { name: 'Delete collection' }).click();
    await expect(card).toHaveCount(0);
    await sotto.button('Undo').click();
    await expect(card).toContainText('notes.md');
  },
);

test('a file that is too long for the model is searched instead, and can be asked about at once', async ({
  page,
  sotto,
}) => {
  await sotto.open();
  await sotto.ask('What is Sotto?');
  await sotto.whole();
  const chooser = await sotto.fileChooser();
  await chooser.setFiles(await report(200));
  await sotto.button('Search it instead').click();
  await expect(page.getByRole('button', { name: 'Searches report' })).toBeVisible();
  await expect(page.getByRole('list', { name: 'Files for this message' })).toHaveCount(0);
  await sotto.ask('How much whale oil did the lighthouse burn?');
  await sotto.whole();
  // The Guide knows Sotto only; what was found is shown all the same.
  await expect(sotto.answer.getByRole('list', { name: 'Found in your documents' })).toContainText('page 141');
  await expect(sotto.answer).toContainText('wasn’t given these places');
});
