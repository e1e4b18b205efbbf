/** The benchmark as a person uses it: with the real Guide from start to finish, and with a scripted engine for what goes wrong. */
import { readFileSync } from 'node:fs';
import type { Download, Locator, Page } from '@playwright/test';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { MeasureScript } from '../../src/shared/protocol/measurement';
import type { BenchmarkResult } from '../../src/benchmark/statistics/result';
import { playScript } from '../fixtures/scripted-answers';
import type { SottoPage } from './sotto-page';
import { alone, everywhereAlone, expect, test } from './test';
import { violationsOn } from './violations';

/** @param themes null for the one there is: not every browser can be told to prefer another */
async function expectNoViolations(
  page: Page,
  where: string,
  themes: readonly ('light' | 'dark' | null)[] = ['light', 'dark'],
): Promise<void> {
  for (const colorScheme of themes) {
    if (colorScheme !== null) await page.emulateMedia({ colorScheme });
    expect.soft(await violationsOn(page), `${where}, ${colorScheme}`).toEqual([]);
  }
}

const results = (page: Page): Locator => page.getByRole('table', { name: 'Results' });
const grade = (page: Page): Locator => page.getByRole('heading', { name: /^Confidence: [ABCX]$/ });

async function run(sotto: SottoPage, profile = 'Quick'): Promise<void> {
  await sotto.page.getByRole('radio', { name: profile, exact: true }).check();
  await sotto.button('Run benchmark').click();
  await expect(sotto.stop).toBeVisible();
}

interface Stillness {
  /** Changes of the page in the second that had most. */
  readonly most: number;
  readonly animations: number;
  /** How many have been watched. */
  readonly seconds: number;
}

/** Counts what moves while a run goes on. */
async function watchStillness(page: Page): Promise<() => Promise<Stillness>> {
  await page.evaluate(() => {
    const seen = { most: 0, now: 0, animations: 0, seconds: 0 };
    new MutationObserver((records) => (seen.now += records.length)).observe(document.body, {
      subtree: true,
      childList: true,
      characterData: true,
      attributes: true,
    });
    setInterval(() => {
      seen.most = Math.max(seen.most, seen.now);
      seen.now = 0;
      seen.seconds += 1;
      seen.animations = Math.max(seen.animations, document.getAnimations().length);
    }, 1000);
    Object.assign(globalThis, { stillness: seen });
  });
  return () => page.evaluate(() => (globalThis as unknown as { stillness: Stillness }).stillness);
}

async function chooseFormat(page: Page, name: string): Promise<string> {
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('radio', { name, exact: true }).check();
  const preview = dialog.getByRole('region', { name: 'Preview' });
  await expect(preview).not.toBeEmpty();
  return preview.innerText();
}

async function save(page: Page): Promise<{ path: string; name: string }> {
  const [download]: [Download, unknown] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('dialog').getByRole('button', { name: 'Save' }).click(),
  ]);
  return { path: await download.path(), name: download.suggestedFilename() };
}

async function importFile(sotto: SottoPage, path: string): Promise<void> {
  const [chooser] = await Promise.all([
    sotto.page.waitForEvent('filechooser'),
    sotto.button('Open a result file').click(),
  ]);
  await chooser.setFiles(path);
}

test(
  'a Quick run of the Guide, from the button to somebody else’s screen',
  everywhereAlone,
  async ({ engine, page, sotto }) => {
    test.slow();
    const themes = engine === 'chromium' ? undefined : [null];
    await sotto.open('Benchmark');
    const stillness = await watchStillness(page);
    await run(sotto);
    await expect(page.getByRole('status').first()).toContainText('Measuring');
    const before = (await stillness()).seconds;
    await expect.poll(async () => (await stillness()).seconds).toBeGreaterThan(before + 1);
    const { most, animations } = await stillness();
    expect(animations, 'nothing is animated').toBe(0);
    expect(most, 'changes in any second').toBeLessThan(40);
    await expect(sotto.button('Run benchmark')).toBeVisible({ timeout: 90_000 });

    await expect(results(page).getByRole('rowheader')).toHaveCount(2);
    await expect(grade(page)).toBeVisible();
    await expect(page.getByText('Quick profile: only three repetitions.')).toBeVisible();
    await expect(page.getByRole('meter')).toHaveAttribute('aria-valuetext', /%$/);
    await expectNoViolations(page, 'a result', themes);

    await sotto.button('Export').click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('textbox', { name: /Device name/ }).fill('Test bench');
    await dialog.getByRole('textbox', { name: /Device name/ }).press('Tab');
    expect(await chooseFormat(page, 'Markdown')).toMatch(/\| qwen\d .*\| CPU .*\| +pp128 \|/);
    const own = JSON.parse(await chooseFormat(page, 'JSON (complete)')) as BenchmarkResult;
    const published: unknown = await page.evaluate(async () => (await fetch('./benchmark/result.schema.json')).json());
    const ajv = new Ajv2020();
    expect(ajv.validate(published as object, own), ajv.errorsText()).toBe(true);
    expect(own).toMatchObject({
      profile: 'quick',
      correctness: { pass: true },
      device: { label_user: 'Test bench', local_id: '' },
      grade: { letter: expect.stringMatching(/[BC]/), reasons: expect.arrayContaining(['quick-profile']) },
    });
    await expectNoViolations(page, 'the dialog', themes);
    const json = await save(page);
    expect(readFileSync(json.path, 'utf8')).toBe(`${JSON.stringify(own, null, 2)}\n`);
    const link = await chooseFormat(page, 'Link');
    await chooseFormat(page, 'Image');
    const picture = await save(page);
    await page.keyboard.press('Escape');

    const median = own.tests[1]?.median_ts ?? 0;
    for (const path of [json.path, picture.path]) {
      await importFile(sotto, path);
      await expect(page.getByRole('heading', { name: 'Someone else’s result' })).toBeVisible();
      await expect(page.getByText('Device, as named by its author: “Test bench”.')).toBeVisible();
      await expect(page.getByText('It was changed after it was created')).toHaveCount(0);
      await sotto.button('Back to your results').click();
    }
    await page.goto(link);
    await expect(page.getByRole('heading', { name: 'Someone else’s result' })).toBeVisible();
    expect(page.url()).toMatch(/#\/benchmark$/);
    await expect(results(page)).toContainText(
      new Intl.NumberFormat('en', { maximumSignificantDigits: 3 }).format(median),
    );
    await page.reload();
    await expect(page.getByRole('heading', { name: 'Guide, Quick' })).toBeVisible();
    await sotto.deleteEverything();
    await sotto.open('Benchmark');
    await expect(page.getByText('No results yet.')).toBeVisible();
  },
);

const measured = (measure: MeasureScript) => ({
  answers: [[{ token: 'Sotto is a web app that runs small language models on your own device' }]],
  measure,
});
const fast: MeasureScript = { promptTokenMs: 0.05, tokenMs: 1 };
const slow: MeasureScript = { promptTokenMs: 0.5, tokenMs: 12 };

test.describe('with a scripted engine', alone, () => {
  test('a run that is stopped keeps what was measured', async ({ page, sotto }) => {
    await playScript(page, measured(slow));
    await sotto.open('Benchmark');
    await run(sotto);
    await expect(page.getByRole('status').first()).toContainText(/Measuring… ([3-9]\d)% · about/, { timeout: 60_000 });
    const from = Date.now();
    await sotto.stop.click();
    await expect(sotto.button('Run benchmark')).toBeVisible();
    expect(Date.now() - from).toBeLessThan(3000);
    await expect(page.getByText('Stopped early. These are the measurements up to then.')).toBeVisible();
    await expect(results(page)).toContainText('pp128');
  });

  test('two tabs do not measure each other', async ({ context, sotto }) => {
    await playScript(context, measured(slow));
    await sotto.open('Benchmark');
    await run(sotto);
    const other = await context.newPage();
    await other.goto('/#/benchmark');
    await other.getByRole('button', { name: 'Run benchmark' }).click();
    await expect(other.getByRole('alert')).toContainText('A benchmark is running in another tab');
  });

  test('a page that dies in the middle leaves what it had', async ({ context, page, sotto }) => {
    await playScript(context, measured({ promptTokenMs: 3, tokenMs: 25 }));
    await sotto.open('Benchmark');
    await run(sotto);
    await expect(page.getByRole('status').first()).toContainText(/Measuring… (6[0-9]|[789]\d)%/, { timeout: 60_000 });
    await page.close();
    const again = await context.newPage();
    await again.goto('/#/benchmark');
    await expect(again.getByText('The page closed partway. These are the measurements up to then.')).toBeVisible();
    await expect(results(again)).toContainText('tg64');
  });

  test('an engine that breaks, and a disk that is full, lose nothing that was measured', async ({ page, sotto }) => {
    const failure = { kind: 'out-of-memory', technical: 'device lost' } as const;
    await playScript(page, measured({ ...fast, breaks: { after: 10, failure } }));
    await page.addInitScript(() => {
      const put = IDBObjectStore.prototype.put;
      IDBObjectStore.prototype.put = function (...given: Parameters<typeof put>): IDBRequest<IDBValidKey> {
        if (this.name === 'results') throw new DOMException('full', 'QuotaExceededError');
        return put.apply(this, given);
      };
    });
    await sotto.open('Benchmark');
    await run(sotto);
    await expect(page.getByText('The engine failed partway. These are the measurements up to then.')).toBeVisible({
      timeout: 60_000,
    });
    await expect(page.getByText('The engine failed before the end.')).toBeVisible();
    await expect(results(page)).toContainText('pp128');
    await expect(page.getByRole('alert')).toContainText('The result couldn’t be saved');
    await sotto.button('Export').click();
    expect(await chooseFormat(page, 'JSON (complete)')).toContain('"broke-off"');
  });

  test('Compare mode measures two in turn and may say that they are the same', async ({ page, sotto }) => {
    test.slow();
    await playScript(page, measured(fast));
    await sotto.open('Benchmark');
    await sotto.button('Run comparison').click();
    await expect(sotto.button('Run benchmark')).toBeVisible({ timeout: 120_000 });
    const table = page.getByRole('table', { name: /compared with/ });
    await expect(table).toContainText('tg64');
    await expect(table).toContainText(/no difference|Can’t tell yet|faster|slower/);
    await expectNoViolations(page, 'a comparison');
  });

  test('hostile links and files are refused by name, and nothing of them runs', async ({ page, sotto }) => {
    await page.goto(`/#/benchmark/r=${'A'.repeat(200_000)}`);
    await expect(page.getByRole('alert')).toContainText('readable benchmark result');
    const paste = page.getByRole('textbox', { name: 'Pasted result or link' });
    for (const text of ['<img src=x onerror="document.title=1">', '{"schema":"sotto-bench/9.0"}', '[['.repeat(5000)]) {
      await paste.fill(text);
      await sotto.button('Open').click();
      await expect(page.getByRole('alert')).toContainText(/readable benchmark result|newer version/);
    }
    const hostile = JSON.stringify([
      { model_type: '<img src=x onerror=alert(1)>', backends: '"><script>', n_prompt: 512, n_gen: 0, avg_ts: 10 },
    ]);
    await paste.fill(hostile);
    await sotto.button('Open').click();
    await expect(page.getByRole('table', { name: 'Imported from llama-bench' })).toContainText(
      '<img src=x onerror=alert(1)>',
    );
  });
});
