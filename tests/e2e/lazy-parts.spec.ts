/** Every part of the page that is fetched when a person first wants it, on a line that fails just then. */
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Locator, Page } from '@playwright/test';
import { oldChinesePdf } from '../fixtures/pdf-bytes';
import { startStaticServer, type StaticServer } from '../fixtures/static-server';
import type { SottoPage } from './sotto-page';
import { everywhere, expect, test, type Watch } from './test';

const everything = /./;
const unsent = 'Words that nobody has sent';
const testBuild = join(import.meta.dirname, '../../dist-test');

let server: StaticServer;

test.beforeEach(async () => {
  server = await startStaticServer();
});

test.afterEach(async ({ watched }) => {
  forgiveTheLine(watched);
  await server.close();
});

/** What browsers say about requests that the test itself broke. */
const forgiveTheLine = (watched: Watch): void =>
  watched.forgive(
    /ERR_(EMPTY_RESPONSE|CONNECTION|INTERNET|FAILED|ABORTED)|status of 404|MIME type|icons\/|NetworkError|^console: Failed to load/,
  );

/** Until nothing more is asked for: what comes later must not be here by chance. */
async function open(sotto: SottoPage): Promise<void> {
  await sotto.page.goto(server.origin);
  await expect(sotto.message).toBeVisible();
  let before = -1;
  await expect
    .poll(
      () => {
        const quiet = server.requests.length === before;
        before = server.requests.length;
        return quiet && server.requests.some((path) => path.endsWith('.gguf'));
      },
      { intervals: [700] },
    )
    .toBe(true);
}

const told = (page: Page): Locator => page.getByRole('alert').filter({ hasText: 'Part of Sotto couldn’t be loaded' });

/** The words, then "Try again" with the network back, and then the part itself, on the same page. */
async function comesOnRetry(sotto: SottoPage, want: () => Promise<unknown>, there: Locator): Promise<void> {
  server.unplug(everything);
  await want();
  await expect(told(sotto.page).first()).toContainText('Check your connection');
  await expect(there).toHaveCount(0);
  server.unplug(null);
  await sotto.button('Try again', told(sotto.page)).first().click();
  await expect(there.first()).toBeVisible();
  await expect(told(sotto.page)).toHaveCount(0);
}

/** Its menu is there from then on. */
async function lookAtMenu(sotto: SottoPage): Promise<void> {
  await sotto.button('Add files and more').click();
  await expect(sotto.page.getByRole('menu', { name: 'Add files and more' })).toBeVisible();
  await sotto.page.keyboard.press('Escape');
  await expect(sotto.page.getByRole('menu')).toHaveCount(0);
}

const parts: readonly {
  readonly name: string;
  /** What must have been loaded before, while there is a network. */
  readonly before?: (sotto: SottoPage) => Promise<unknown>;
  readonly want: (sotto: SottoPage) => Promise<unknown>;
  readonly there: (sotto: SottoPage) => Locator;
}[] = [
  ...(['Models', 'Benchmark', 'Privacy', 'Settings'] as const).map((screen) => ({
    name: `the screen ${screen}`,
    want: (sotto: SottoPage) => sotto.goTo(screen),
    there: ({ page }: SottoPage) => page.getByRole('heading', { level: 1, name: screen }),
  })),
  {
    name: 'the menu of models',
    want: (sotto) => sotto.button('Model').click(),
    there: ({ page }) => page.getByRole('menu', { name: 'Model' }),
  },
  {
    name: 'the menu beside the message box',
    want: (sotto) => sotto.button('Add files and more').click(),
    there: ({ page }) => page.getByRole('menu', { name: 'Add files and more' }),
  },
  {
    name: 'the menu of personas',
    before: lookAtMenu,
    want: (sotto) => sotto.chooseBesideMessage('Persona'),
    there: ({ page }) => page.getByRole('menu', { name: 'Persona' }),
  },
  {
    name: 'the settings of the chat',
    before: lookAtMenu,
    want: (sotto) => sotto.chooseBesideMessage('Chat settings'),
    there: ({ page }) => page.getByRole('dialog', { name: 'Settings for this chat' }),
  },
  {
    name: 'the list of shortcuts',
    want: async ({ page }) => {
      await page.getByRole('link', { name: 'Chat', exact: true }).focus();
      await page.keyboard.press('?');
    },
    there: ({ page }) => page.getByRole('dialog', { name: 'Keyboard shortcuts' }),
  },
  {
    name: 'the results of a search',
    want: ({ page }) => page.getByRole('searchbox', { name: 'Search chats' }).fill('heron'),
    there: ({ page }) => page.getByText('No chats match', { exact: false }),
  },
];

for (const { name, before, want, there } of parts) {
  test(`${name}: a first visit that loses the network is told so, and goes on when it is back`, async ({ sotto }) => {
    await open(sotto);
    await before?.(sotto);
    // Before the first touch, at which the page loads what most taps open.
    server.unplug(everything);
    await sotto.message.fill(unsent);
    await comesOnRetry(sotto, () => want(sotto), there(sotto));
    if (!(await sotto.message.isVisible())) {
      await sotto.goTo('Chat');
    }
    await expect(sotto.message).toHaveValue(unsent);
  });
}

for (const screen of ['Models', 'Benchmark', 'Privacy', 'Settings'] as const) {
  test(`${screen}, opened by its address, asks for all its parts in one round`, async ({ page }) => {
    const asked: string[] = [];
    const held: (() => Promise<void>)[] = [];
    let holding = true;
    await page.route(/\/assets\/[^/]+\.(?:js|css)$/, (route) => {
      const { pathname } = new URL(route.request().url());
      if (/\/(?:index-|_words_first_)/.test(pathname)) return route.continue();
      asked.push(pathname);
      if (!holding) return route.continue();
      held.push(() => route.continue());
    });
    await page.goto(`${server.origin}#/${screen.toLowerCase()}`, { waitUntil: 'commit' });
    let before = -1;
    const isQuiet = (): boolean => {
      const quiet = held.length > 2 && held.length === before;
      before = held.length;
      return quiet;
    };
    await expect.poll(isQuiet, { intervals: [500] }).toBe(true);
    await expect(page.getByRole('heading', { level: 1, name: screen })).toHaveCount(0);
    const inOneRound = new Set(asked);
    holding = false;
    await Promise.all(held.map((go) => go()));
    await expect(page.getByRole('heading', { level: 1, name: screen })).toBeVisible();
    // What goes on beside the screen is loaded when the screen is there.
    const later = asked.filter(
      (path) => !inOneRound.has(path) && /Screen-|(?:settings|basics|soon|shared|dialog|catalog)-|_words_/.test(path),
    );
    expect(later).toEqual([]);
    expect([...inOneRound].some((path) => path.includes('_words_rest_'))).toBe(true);
  });

  test(`${screen} is asked for when its link is pressed, before it is let go`, async ({ page, sotto }) => {
    await open(sotto);
    const before = server.requests.length;
    await page.getByRole('link', { name: screen, exact: true }).hover();
    await page.mouse.down();
    const wanted = screen === 'Settings' ? '/assets/settings-' : `/assets/${screen}Screen-`;
    await expect
      .poll(() => server.requests.slice(before).some((path) => path.includes(wanted)), { timeout: 20_000 })
      .toBe(true);
    await expect(page.getByRole('heading', { level: 1, name: screen })).toHaveCount(0);
    await page.mouse.up();
    await expect(page.getByRole('heading', { level: 1, name: screen })).toBeVisible();
  });
}

test('the drawer of a narrow screen opens when the network is back, and the button keeps the focus until then', async ({
  page,
  sotto,
}) => {
  await page.setViewportSize({ width: 400, height: 720 });
  await open(sotto);
  server.unplug(everything);
  await sotto.button('Menu').click();
  await expect(told(page)).toBeVisible();
  await sotto.button('Dismiss', told(page)).click();
  await expect(sotto.button('Menu')).toBeFocused();
  await comesOnRetry(sotto, () => sotto.button('Menu').click(), page.getByRole('navigation', { name: 'Main' }));
});

test('a question that cannot be answered yet stays in the box, and is answered when the network is back', async ({
  page,
  sotto,
}) => {
  await open(sotto);
  server.unplug(everything);
  await sotto.message.fill('What is Sotto?');
  await sotto.send.click();
  await expect(told(page)).toBeVisible();
  await expect(sotto.message).toHaveValue('What is Sotto?');
  server.unplug(null);
  await sotto.send.click();
  await sotto.whole();
  await expect(sotto.answer).toContainText(/\w/);
});

test('a file that cannot be read yet can be read again', async ({ page, sotto }) => {
  await open(sotto);
  await lookAtMenu(sotto);
  server.unplug(everything);
  const chooser = await sotto.fileChooser();
  await chooser.setFiles({ name: 'heron.txt', mimeType: 'text/plain', buffer: Buffer.from('A heron waits.') });
  await expect(told(page)).toBeVisible();
  server.unplug(null);
  await sotto.button('Try again', told(page)).first().click();
  // First the list of files, and then the file in it.
  await expect(page.getByText('heron.txt').or(sotto.button('Try again')).first()).toBeVisible();
  if (await sotto.button('Try again').isVisible()) await sotto.button('Try again').click();
  await expect(page.getByRole('list').filter({ hasText: 'heron.txt' })).toContainText(/token/);
});

for (const [what, paths] of [
  ['the script of the worker', /quiet-worker\/pdf/],
  ['the library in the worker', /assets\/pdf-text/],
  ['the maps of characters', /character-maps/],
] as const) {
  test(`a PDF that cannot be read yet, for want of ${what}, can be read again`, async ({ page, sotto }) => {
    await open(sotto);
    server.unplug(paths);
    const chooser = await sotto.fileChooser();
    const buffer = Buffer.from(await oldChinesePdf().arrayBuffer());
    await chooser.setFiles({ name: 'heron.pdf', mimeType: 'application/pdf', buffer });
    // The page itself can ask whether the host answers; a worker cannot.
    const words = page.getByRole('alert').filter({ hasText: /Part of Sotto couldn’t be (loaded|opened)/ });
    await expect(words).toBeVisible();
    server.unplug(null);
    await sotto.button('Try again', words).click();
    await expect(page.getByRole('list', { name: 'Files for this message' })).toContainText(/token/);
  });
}

test('what belongs to a written answer and to the list of chats comes when the network is back', async ({
  page,
  sotto,
}) => {
  await open(sotto);
  await sotto.answerTo('What is Sotto?');
  const summary = sotto.answer.locator('summary').first();
  await comesOnRetry(sotto, () => summary.click(), sotto.answer.locator('details dl'));
  await comesOnRetry(
    sotto,
    async () => {
      await sotto.chat('What is Sotto?').hover();
      await sotto.chat('What is Sotto?').getByRole('button').click();
    },
    page.getByRole('menuitem', { name: 'Rename' }),
  );
  // Its field came with what the menu shares with other parts.
  await page.getByRole('menuitem', { name: 'Rename' }).click();
  await expect(page.getByRole('textbox', { name: 'Chat title' })).toBeFocused();
  await page.keyboard.press('Escape');
  await comesOnRetry(sotto, () => sotto.chooseForChat('What is Sotto?', 'Select'), page.getByText('1 chat selected'));
  await sotto.button('Done').click();
  await comesOnRetry(
    sotto,
    () => sotto.chooseForChat('What is Sotto?', 'Export…'),
    page.getByRole('dialog').getByRole('radiogroup', { name: 'Format' }),
  );
  const dialog = page.getByRole('dialog');
  server.unplug(everything);
  await sotto.button('Export', dialog).click();
  await expect(told(page)).toBeVisible();
  server.unplug(null);
  const [download] = await Promise.all([page.waitForEvent('download'), sotto.button('Export', dialog).click()]);
  expect(download.suggestedFilename()).toMatch(/\.jsonl$/);
  await page.evaluate(() => (location.hash = location.hash.replace('chat', 'print')));
  await expect(sotto.button('Print or save as PDF')).toBeVisible();
});

test('another language is chosen when its words can be had; until then the page stays as it is', async ({
  page,
  sotto,
}) => {
  await open(sotto);
  await sotto.goTo('Settings');
  const chinese = page.getByRole('radio', { name: '简体中文' });
  await expect(chinese).toBeVisible();
  server.unplug(everything);
  await chinese.click();
  await expect(page.getByText('Part of Sotto couldn’t be loaded').first()).toBeVisible();
  await expect(page.getByRole('radio', { name: 'English' })).toBeChecked();
  server.unplug(null);
  await chinese.click();
  await expect(page.getByRole('heading', { level: 1, name: '设置' })).toBeVisible();
});

test('a part comes by itself when the browser hears that the network is back', async ({ context, page, sotto }) => {
  await open(sotto);
  await context.setOffline(true);
  await sotto.goTo('Models');
  await expect(told(page)).toBeVisible();
  await context.setOffline(false);
  await expect(page.getByRole('heading', { level: 1, name: 'Models' })).toBeVisible();
});

test('the script of the engine that does not come ends in words, and "Try again" brings it', async ({
  page,
  sotto,
}) => {
  server.unplug(/engine-worker\//);
  await page.goto(server.origin);
  await sotto.ask('What is Sotto?');
  await expect(sotto.answer).toContainText('Part of Sotto couldn’t be loaded');
  server.unplug(null);
  await sotto.button('Try again', sotto.answer).click();
  await sotto.whole();
  await expect(sotto.answer).toContainText(/tokens/);
});

test('the script of the search that does not come ends in words, and "Try again" brings it', async ({
  page,
  sotto,
}) => {
  await open(sotto);
  await sotto.answerTo('What is Sotto?');
  const field = page.getByRole('searchbox', { name: 'Search chats' });
  server.unplug(/worker\/search/);
  await field.fill('Sotto');
  await expect(sotto.button('Try again')).toBeVisible();
  server.unplug(null);
  await sotto.button('Try again').click();
  await expect(
    page
      .getByRole('link', { name: /What is Sotto/ })
      .locator('mark')
      .first(),
  ).toBeVisible();
});

for (const gone of ['answers 404', 'answers with its page'] as const) {
  test(`a part that went with an update, where the host ${gone}, is told as a newer version, and nothing is lost`, async ({
    page,
    sotto,
  }) => {
    const newer = await mkdtemp(join(tmpdir(), 'sotto-newer-'));
    try {
      await cp(testBuild, newer, { recursive: true });
      const html = (await readFile(join(newer, 'index.html'), 'utf8')).replace(
        /(name="sotto-build" content=")\w+/,
        '$1newer',
      );
      await writeFile(join(newer, 'index.html'), html);
      await open(sotto);
      await sotto.message.fill(unsent);
      server.deploy(newer);
      const screens = (await readdir(join(newer, 'assets'))).filter((name) => name.startsWith('OtherScreen'));
      expect(screens.length).toBeGreaterThan(0);
      for (const name of screens) {
        if (gone === 'answers 404') await rm(join(newer, 'assets', name));
        else server.replace(`assets/${name}`, html);
      }
      await sotto.goTo('Models');
      const note = page.getByRole('alert').filter({ hasText: 'A newer version of Sotto is available' });
      await expect(note).toBeVisible();
      await expect(sotto.button('Try again', note)).toHaveCount(0);
      server.deploy(testBuild);
      for (const name of screens) server.replace(`assets/${name}`, null);
      await sotto.button('Reload the page', note).click();
      await expect(page.getByRole('heading', { level: 1, name: 'Models' })).toBeVisible();
      await sotto.goTo('Chat');
      await expect(sotto.message).toHaveValue(unsent);
    } finally {
      await rm(newer, { recursive: true, force: true });
    }
  });
}

test(
  'every browser tells that a part did not come, and has a way on with nothing lost',
  everywhere,
  async ({ engine, page, sotto }) => {
    // A copy for use offline would have all parts; only Chromium can be told to make none.
    server.unplug(/service-worker\.js$/);
    await open(sotto);
    await sotto.message.fill(unsent);
    server.unplug(everything);
    await sotto.goTo('Models');
    await expect(told(page)).toBeVisible();
    server.unplug(null);
    await sotto.button('Try again').click();
    const models = page.getByRole('heading', { level: 1, name: 'Models' });
    // Firefox remembers for the life of a page that a module did not come; then that is said.
    if (engine === 'firefox') await sotto.button('Reload the page').click();
    await expect(models).toBeVisible();
    await sotto.goTo('Chat');
    await expect(sotto.message).toHaveValue(unsent);
  },
);
