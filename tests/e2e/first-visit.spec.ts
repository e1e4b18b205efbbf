import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { missingPatterns, type KeyFacts } from '../fixtures/guide-score';
import { startStaticServer, testBuild } from '../fixtures/static-server';
import { everywhere, everywhereAlone, expect, test } from './test';

test.use({ serviceWorkers: 'allow' });

const keyFacts = (): KeyFacts =>
  JSON.parse(readFileSync(join(import.meta.dirname, '../../tools/guide-model/key-facts.json'), 'utf8')) as KeyFacts;

/** Without a request for this long, all that a first visit loads has been loaded, in ms. */
const quietMs = 1500;

/** Scripts of the page, its words included, before one can type; with gzip, in bytes. What is added must come later, or make room. */
const mostScriptBytes = 60_000;

declare global {
  /** In the page: when there was a chat box, in ms since navigation. */
  var boxAt: number | undefined;
  /** In the page: how long the answer was at each change. */
  var answerLengths: number[];
}

test.describe('a first visit', () => {
  test('shows a chat box in less than two seconds', everywhereAlone, async ({ page, sotto }) => {
    await page.goto('/', { waitUntil: 'commit' });
    await expect(sotto.message).toBeVisible();
    const sinceNavigation = await page.evaluate(() => performance.now());
    expect(sinceNavigation).toBeLessThan(2000);
    await expect(sotto.button('Model')).toContainText('Guide');
  });

  test('loads few scripts before one can type', async ({ page, sotto }) => {
    await page.addInitScript(() => {
      new MutationObserver((_, observer) => {
        if (!document.querySelector('textarea')) return;
        globalThis.boxAt = performance.now();
        observer.disconnect();
      }).observe(document, { subtree: true, childList: true });
    });
    await page.goto('/');
    await expect(sotto.message).toBeEditable();
    const scripts = await page.evaluate(() =>
      performance
        .getEntriesByType('resource')
        .filter(({ name, startTime }) => /\/assets\/[^/]+\.js$/.test(name) && startTime <= (globalThis.boxAt ?? 0))
        .map(({ name }) => new URL(name).pathname),
    );
    expect(scripts.length, 'the app and its words').toBeGreaterThanOrEqual(2);
    const bytes = scripts.map((path) => gzipSync(readFileSync(join(testBuild, path))).length);
    expect(bytes.reduce((sum, size) => sum + size, 0)).toBeLessThan(mostScriptBytes);
  });

  test(
    'gets a right, streamed answer with the network switched off',
    everywhere,
    async ({ context, page, sotto, watched }) => {
      // A server of its own: it knows when nothing more is asked for, and it allows no browser cache.
      const server = await startStaticServer();
      await page.goto(server.origin);
      await expect(sotto.message).toBeVisible();
      // On a busy machine the copy for use offline begins late: it waits until the model is loaded.
      const loaded = (end: string): boolean => server.requests.some((path) => path.endsWith(end));
      await expect
        .poll(
          async () => {
            const before = server.requests.length;
            await new Promise((resolve) => setTimeout(resolve, quietMs));
            return server.requests.length === before && loaded('.gguf') && loaded('/service-worker.js');
          },
          { timeout: 60_000 },
        )
        .toBe(true);
      await context.setOffline(true);
      await server.close();

      await page.evaluate(() => {
        globalThis.answerLengths = [];
        new MutationObserver(() => {
          const length = document.querySelector('article[aria-busy="true"]')?.textContent.length ?? 0;
          if (length !== globalThis.answerLengths.at(-1)) globalThis.answerLengths.push(length);
        }).observe(document.body, { subtree: true, childList: true, characterData: true, attributes: true });
      });
      await sotto.ask('How do I use this offline?');
      await sotto.whole();

      const lengths = await page.evaluate(() => globalThis.answerLengths);
      expect(lengths.length, 'the text grows in steps').toBeGreaterThan(2);
      const question = { lang: 'en', kind: 'topic', topic: 'offline' } as const;
      expect(missingPatterns(keyFacts(), question, await sotto.answer.innerText()), 'key facts').toEqual([]);
      await expect(sotto.answer.locator('.markdown .block'), 'rendered, not plain').not.toHaveCount(0);
      await expect(sotto.answer, 'figures').toContainText(/\d+ tokens?.*\d.* tokens\/s/s);
      // The browser asks for the icon of a tab whenever it likes.
      watched.forgive(/\/icons\//);
    },
  );

  test('is there again without a network, and answers', everywhere, async ({ context, page, sotto, watched }) => {
    await sotto.open();
    await sotto.untilOffline();
    await context.setOffline(true);
    await sotto.goTo('Chat');
    await page.reload();
    await expect(sotto.message).toBeVisible();
    expect(await sotto.answerTo('How do I use this offline?')).toMatch(/network|internet|offline/i);
    watched.forgive(/\/icons\//);
  });
});
