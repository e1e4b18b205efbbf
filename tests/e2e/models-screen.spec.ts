/** The Models screen as a person meets it: what suits first, one card for each model, and nothing that jumps. */
import { HubControl } from '../fixtures/hub/hub-control';
import { scriptedModel } from '../fixtures/scripted-gguf';
import { ggufBuilds } from './catalog-builds';
import { hubOrigin } from './hub-origin';
import { alone, expect, test } from './test';

const control = new HubControl(hubOrigin);

test.beforeEach(async ({ page }) => {
  await control.reset();
  await page.addInitScript((origin) => localStorage.setItem('sotto.hub-url', origin), hubOrigin);
});

test('on a phone, the first recommended model and its button stand on the first screen', async ({ page, sotto }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await sotto.open('Models');
  const recommended = page.getByRole('region', { name: 'Recommended for this device' });
  const download = sotto.button('Download', recommended.getByRole('article').first());
  await expect(download).toBeInViewport({ ratio: 1 });
  const headings = page.getByRole('heading', { level: 2 });
  await expect(headings).toHaveText([
    'Recommended for this device',
    'On this device',
    'Servers of your own',
    'Catalog',
    'This device',
  ]);
});

test('one card has all builds of a model, and the one that is chosen counts', async ({ page, sotto }) => {
  await sotto.open('Models');
  await page.getByRole('searchbox', { name: 'Search models' }).fill('qwen3 1.7b');
  // On a device that is measured as slow, the same model is recommended as well.
  const catalog = page.getByRole('region', { name: 'Catalog' });
  const card = catalog.getByRole('article', { name: 'Qwen3 1.7B', exact: true });
  await expect(card).toHaveCount(1);
  await expect(card).toContainText('1.11 GB');
  await sotto.button('Build', card).click();
  const builds = page.getByRole('menu', { name: 'Build' }).getByRole('menuitemradio');
  await expect(builds).toHaveCount(4);
  await expect(builds.filter({ hasText: 'q4f16_1 · MLC' })).toContainText('Unlikely to run here');
  await builds.filter({ hasText: 'Q6_K · GGUF' }).click();
  await expect(card).toContainText('1.42 GB');
  await card.getByText('Details', { exact: true }).click();
  await expect(card.getByText('1.42 GB', { exact: false }).first()).toBeVisible();
  await expect(card.getByRole('link', { name: /unsloth\/Qwen3-1.7B-GGUF/ })).toBeVisible();
});

test('a search finds as one types, and a task brings the models made for it first', async ({ page, sotto }) => {
  await sotto.open('Models');
  const section = page.getByRole('region', { name: 'Catalog' });
  const search = page.getByRole('searchbox', { name: 'Search models' });
  await search.fill('deep');
  await expect(section.getByRole('article').first()).toContainText('DeepSeek');
  await search.fill('no such model');
  await expect(section.getByText('No models match these filters.')).toBeVisible();
  await sotto.button('Clear filters').click();
  await section.getByRole('combobox', { name: 'Task' }).selectOption('Code');
  await expect(section.getByRole('article').first()).toContainText('Coder');
  await section.getByRole('combobox', { name: 'Task' }).selectOption('Any');
  await section.getByRole('combobox', { name: 'Sort by' }).selectOption('Size');
  await expect(section.getByRole('article').first()).toContainText(/MB/);
});

test('what cannot run here is folded away, with why and what runs instead', async ({ page, sotto }) => {
  await sotto.open('Models');
  const section = page.getByRole('region', { name: 'Catalog' });
  await expect(section.getByRole('article').filter({ hasText: 'Unlikely to run here' })).toHaveCount(0);
  await section.getByText(/^\d+ models are unlikely to run here$/).click();
  const folded = section.getByRole('article').filter({ hasText: 'Unlikely to run here' }).first();
  await expect(folded).toContainText('It needs WebGPU');
  await expect(folded.getByText('What runs here instead:').getByRole('button').first()).toBeVisible();
});

test('a download goes on in the card where it was asked for', async ({ page, sotto }) => {
  const build = ggufBuilds.find(({ id }) => id === 'qwen2.5-1.5b-q4_k_m');
  const base64 = Buffer.concat([...scriptedModel({ answer: ['here ', 'I am'] })]).toString('base64');
  await control.addRepository({
    id: build?.repository ?? '',
    files: [{ path: build?.file ?? '', content: { base64 } }],
  });
  await sotto.open('Models');
  const title = page.getByRole('heading', { level: 3, name: /^Qwen2\.5 1\.5B Instruct/ });
  await title.scrollIntoViewIfNeeded();
  const top = async (): Promise<number> => (await title.boundingBox())?.y ?? 0;
  const before = await top();
  await sotto.button('Download', page.getByRole('article', { name: 'Qwen2.5 1.5B Instruct', exact: true })).click();
  const card = page.getByRole('article', { name: 'Qwen2.5 1.5B Instruct (Q4_K_M)', exact: true });
  await expect(sotto.button('Use', card)).toBeVisible();
  await expect(card).toBeFocused();
  expect(Math.abs((await top()) - before)).toBeLessThan(2);
  // The next time it stands with what is on this device.
  await page.reload();
  await expect(page.getByRole('region', { name: 'On this device' }).getByRole('article').first()).toHaveAccessibleName(
    'Qwen2.5 1.5B Instruct (Q4_K_M)',
  );
});

test('what a host refuses is told in the card, below its button', async ({ page, sotto, watched }) => {
  await sotto.open('Models');
  const card = page.getByRole('article').filter({ has: page.getByRole('button', { name: 'Download', exact: true }) });
  await control.fault({ type: 'status', status: 404, at: ['revision'] });
  await sotto.button('Download', card.first()).click();
  await expect(card.first().getByRole('alert')).toBeVisible();
  watched.forgive(/status of 40\d/);
});

test('a measurement of some seconds gives each card its expected speed', alone, async ({ page, sotto }) => {
  await sotto.open();
  await sotto.answerTo('Who are you?');
  await sotto.goTo('Models');
  const card = page.getByRole('region', { name: 'Recommended for this device' }).getByRole('article').first();
  await expect(card).not.toContainText('tokens/s');
  const startedAt = Date.now();
  await sotto.button('Measure speed').click();
  await expect(
    page.getByText(/CPU memory [\d.]+ GB\/s · Guide: prefill [\d,.]+, decode [\d,.]+ tokens\/s/),
  ).toBeVisible();
  expect(Date.now() - startedAt).toBeLessThan(15_000);
  await expect(card).toContainText(/about [\d.]+ tokens\/s \([\d.]+–[\d.]+\)/);
  // It is known the next time, in the chat too.
  await page.reload();
  await sotto.goTo('Chat');
  await sotto.newChat();
  await expect(page.getByRole('group', { name: 'A larger model' })).toContainText(/about [\d.]+ tokens\/s/);
});

test('all models are there within 150 ms, on a processor a quarter as fast', alone, async ({ page, sotto }) => {
  const session = await page.context().newCDPSession(page);
  const tries: number[] = [];
  // What else this machine does makes it slower, never faster.
  for (let round = 0; round < 10 && Math.min(...tries) >= 150; round += 1) {
    await sotto.open('Privacy');
    await sotto.open('Models');
    const button = sotto.button('Show all');
    await expect(button).toBeVisible();
    await session.send('Emulation.setCPUThrottlingRate', { rate: 4 });
    tries.push(
      await button.evaluate(
        (element) =>
          new Promise<number>((resolve) => {
            const pressedAt = performance.now();
            element.dispatchEvent(new MouseEvent('click', { bubbles: true }));
            // A frame begins when what is to be drawn in it is there; a message comes when it has been drawn.
            requestAnimationFrame(() => {
              const { port1, port2 } = new MessageChannel();
              port1.onmessage = (): void => resolve(performance.now() - pressedAt);
              port2.postMessage(null);
            });
          }),
      ),
    );
    await session.send('Emulation.setCPUThrottlingRate', { rate: 1 });
    await expect(button).toHaveCount(0);
  }
  console.log(`  Show all at a quarter of the speed: ${tries.map(Math.round).join(', ')} ms`);
  expect(Math.min(...tries)).toBeLessThan(150);
});
