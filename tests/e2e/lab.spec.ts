/** The Lab from outside: from a person's own questions to a table that compares models, with the real engines. */
import { ModelFiles } from './model-files';
import type { SottoPage } from './sotto-page';
import { alone, everywhere, expect, test } from './test';

/** Ten questions; the parrot, which always names Paris, is right about five of them. */
const questions = `question,answer
What is the capital of France?,Paris
Which city has the Louvre?,Paris
Where does the Seine meet the Eiffel Tower?,Paris
Which city held the Olympic Games in 2024?,Paris
Where is the Sorbonne?,Paris
What is the capital of Italy?,Rome
What is the capital of Spain?,Madrid
What is the capital of Japan?,Tokyo
What is the capital of Egypt?,Cairo
What is the capital of Peru?,Lima
`;

let files: ModelFiles;
test.beforeEach(async () => {
  files = await ModelFiles.create();
});
test.afterEach(async () => {
  await files.remove();
});

const results = ({ page }: SottoPage) => page.getByRole('table', { name: 'Results' });

async function importQuestions(sotto: SottoPage): Promise<void> {
  const { page } = sotto;
  await sotto.button('Import').click();
  const [chooser] = await Promise.all([page.waitForEvent('filechooser'), sotto.button('Choose a file').click()]);
  await chooser.setFiles({ name: 'questions.csv', mimeType: 'text/csv', buffer: Buffer.from(questions) });
  await page.getByRole('combobox', { name: 'Which column is the question?' }).selectOption('question');
  await page.getByRole('combobox', { name: 'Which column is the expected answer?' }).selectOption('answer');
  await sotto.button('Import 10 cases').click();
  await expect(page.getByRole('textbox', { name: 'Name' })).toHaveValue('questions');
}

test.describe('without a network', () => {
  test.use({ serviceWorkers: 'allow' });

  test(
    'ten questions in a CSV become a table that compares two models, without a network',
    everywhere,
    async ({ context, page, sotto, watched }) => {
      const parrot = await files.scripted('parrot', { answer: ['Paris', ' of', ' course'] });
      await sotto.open();
      await sotto.untilOffline();
      await sotto.openFile(parrot);
      await expect(sotto.button('Use', page.getByRole('article', { name: 'parrot' }))).toBeVisible();
      await sotto.goTo('Lab');
      await expect(page.getByRole('heading', { level: 1, name: 'Lab' })).toBeVisible();
      await context.setOffline(true);
      await importQuestions(sotto);
      await sotto.button('Run').click();
      await expect(page.getByText('Finished', { exact: true })).toBeVisible({ timeout: 90_000 });
      const row = (name: string) => results(sotto).getByRole('row').filter({ hasText: name });
      await expect(row('parrot')).toContainText('5 of 10');
      await expect(row('Guide')).toContainText('0 of 10');
      // Five against none on ten cases: p = 0.0625, which is no difference that ten cases can show.
      await expect(page.getByText(/No difference that 10 cases can show/i)).toBeVisible();
      await page.reload();
      await expect(row('parrot')).toContainText('5 of 10');
      watched.forgive(/\/icons\//);
    },
  );
});

/** The same as above. */
const chineseQuestions = `问题,答案
法国的首都是哪里？,巴黎
卢浮宫在哪座城市？,巴黎
埃菲尔铁塔在哪座城市？,巴黎
2024 年奥运会在哪座城市举行？,巴黎
索邦大学在哪里？,巴黎
意大利的首都是哪里？,罗马
西班牙的首都是哪里？,马德里
日本的首都是哪里？,东京
埃及的首都是哪里？,开罗
秘鲁的首都是哪里？,利马
`;

test.describe('in Chinese, without a network', () => {
  test.use({ serviceWorkers: 'allow', locale: 'zh-CN' });

  test('ten questions in a CSV become a table that compares two models', async ({ context, page, sotto, watched }) => {
    const parrot = await files.scripted('parrot', { answer: ['巴黎', '当然', '是的'] });
    await page.goto('/#/settings');
    await expect(page.getByText('Sotto 可以离线使用')).toBeVisible({ timeout: 30_000 });
    await page.getByRole('link', { name: '模型', exact: true }).click();
    await sotto.button('添加模型').click();
    const [model] = await Promise.all([page.waitForEvent('filechooser'), sotto.button('打开文件').click()]);
    await model.setFiles(parrot);
    await expect(sotto.button('使用', page.getByRole('article', { name: 'parrot' }))).toBeVisible();
    await context.setOffline(true);
    await page.getByRole('link', { name: '实验室', exact: true }).click();
    await sotto.button('导入').click();
    const [chooser] = await Promise.all([page.waitForEvent('filechooser'), sotto.button('选择文件').click()]);
    await chooser.setFiles({ name: '首都.csv', mimeType: 'text/csv', buffer: Buffer.from(chineseQuestions) });
    await expect(page.getByText('请选择问题所在的列。')).toBeVisible();
    await page.getByRole('combobox', { name: '哪一列是问题？' }).selectOption('问题');
    await page.getByRole('combobox', { name: '哪一列是期望的答案？' }).selectOption('答案');
    await sotto.button('导入 10 题').click();
    await expect(page.getByRole('textbox', { name: '名称' })).toHaveValue('首都');
    await sotto.button('运行').click();
    await expect(page.getByText('已完成', { exact: true })).toBeVisible({ timeout: 90_000 });
    const row = (name: string) => page.getByRole('table', { name: '结果' }).getByRole('row').filter({ hasText: name });
    await expect(row('parrot')).toContainText('5 / 10');
    await expect(row('Guide')).toContainText('0 / 10');
    await expect(page.getByText(/10 题不足以显示差异.*p = 0\.063/)).toBeVisible();
    watched.forgive(/\/icons\//);
  });
});

test('results from a file are called imported in the table, in the list, and in the history, and have no cost', async ({
  page,
  sotto,
}) => {
  await sotto.open('Lab');
  await sotto.button('Import').click();
  await page.getByRole('textbox', { name: 'Or paste it here' }).fill('Where is my data?\nWho are you?');
  await sotto.button('Read').click();
  await sotto.button('Import 2 cases').click();
  await sotto.button('Run').click();
  await expect(page.getByText('Finished', { exact: true })).toBeVisible({ timeout: 60_000 });
  await expect(page.getByText(/, imported/)).toHaveCount(0);
  await sotto.button('Export').click();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('menuitem', { name: /^Results with answers/ }).click(),
  ]);
  const [chooser] = await Promise.all([page.waitForEvent('filechooser'), sotto.button('Import results').click()]);
  await chooser.setFiles(await download.path());
  const rows = results(sotto).getByRole('row').filter({ hasText: 'Guide' });
  await expect(rows).toHaveCount(2);
  await expect(rows.filter({ hasText: /Run of .*, imported/ })).toHaveCount(1);
  await expect(page.getByText(/maybe on another device/)).toBeVisible();
  await expect(page.getByRole('combobox', { name: 'Show beside this run' })).toContainText(', imported');
  await page.getByRole('link', { name: '← Lab' }).click();
  const runs = page.getByRole('region', { name: 'Runs' }).getByRole('listitem');
  await expect(runs).toHaveCount(2);
  await runs.filter({ hasText: ', imported' }).getByRole('link').click();
  await expect(page.getByText(/, imported · 2 cases/)).toBeVisible();
  await expect(page.getByText(/maybe on another device/)).toBeVisible();
  await expect(page.getByRole('heading', { name: 'Cost' })).toHaveCount(0);
});

test('a run goes on after a reload at the case where it stopped', async ({ page, sotto }) => {
  const slow = await files.scripted('slow', {
    answer: ['Paris', ' it', ' is'],
    size: { layers: 12, feedForward: 8192 },
  });
  await sotto.open();
  await sotto.openFile(slow);
  await expect(sotto.button('Use', page.getByRole('article', { name: 'slow' }))).toBeVisible();
  await sotto.goTo('Lab');
  await importQuestions(sotto);
  await sotto.button('Run').click();
  await expect(page.getByRole('progressbar', { name: 'Run in progress' })).toBeVisible();
  await expect(page.getByText(/(?:[3-9]|1\d) of 20 answers/)).toBeVisible({ timeout: 60_000 });
  await page.reload();
  await expect(page.getByText('Paused', { exact: true })).toBeVisible();
  // A file that was opened for a visit is gone with it; the Guide's answers are not.
  await sotto.button('Resume').click();
  await expect(page.getByText('Finished', { exact: true })).toBeVisible({ timeout: 90_000 });
});

test('the first look is one button, on what is there', async ({ page, sotto }) => {
  await sotto.open('Lab');
  await sotto.button('Run the first look').click();
  await expect(results(sotto).getByRole('row').filter({ hasText: 'Guide' })).toBeVisible();
  await expect(page.getByText('Finished', { exact: true })).toBeVisible({ timeout: 100_000 });
});

test('a question of a chat is tested on other models', async ({ page, sotto }) => {
  await sotto.open();
  await sotto.answerTo('How do I use this offline?');
  await sotto.button('More', sotto.answer).click();
  await page.getByRole('menuitem', { name: 'Test on other models' }).click();
  await expect(page.getByRole('heading', { name: 'Question from your chat' })).toBeVisible();
  await sotto.button('Add and ask all models').click();
  await expect(results(sotto)).toBeVisible();
  await expect(page.getByText('Finished', { exact: true })).toBeVisible({ timeout: 60_000 });
});

test('a set that is typed is there after a reload, and a deleted one comes back', async ({ page, sotto }) => {
  await sotto.open('Lab');
  await sotto.button('New set').click();
  await page.getByRole('textbox', { name: 'Name' }).fill('Capitals');
  await sotto.button('Paste questions').click();
  await page.getByRole('textbox', { name: /One question per line/ }).fill('Capital of France?\nCapital of Peru?');
  await sotto.button('Add 2 cases').click();
  await expect(page.getByRole('table', { name: 'Cases' }).getByRole('row')).toHaveCount(3);
  await expect(page.getByRole('heading', { level: 1, name: 'Capitals' })).toBeAttached();
  // Stored a moment after the last key; leaving stores at once.
  await page.getByRole('link', { name: '← Lab' }).click();
  await expect(page.getByRole('link', { name: 'Capitals' })).toBeVisible();
  await page.reload();
  await page.getByRole('link', { name: 'Capitals' }).click();
  await sotto.button('Delete set').click();
  await expect(page.getByRole('link', { name: 'Capitals' })).toHaveCount(0);
  await sotto.button('Undo').click();
  await expect(page.getByRole('link', { name: 'Capitals' })).toBeVisible();
});

/** As large as YAML may be. */
function largeYaml(): { readonly text: string; readonly cases: number } {
  const tests: string[] = [];
  const head = "prompts: ['Answer: {{question}}']\ntests:\n";
  for (let length = head.length; length < 4 * 1024 ** 2 - 300; length += tests.at(-1)?.length ?? 0)
    tests.push(
      `  - vars:\n      question: What is the capital of country number ${tests.length}, and why?\n` +
        `    assert:\n      - type: contains\n        value: City ${tests.length}\n`,
    );
  return { text: head + tests.join(''), cases: tests.length };
}

test(
  '4 MB of YAML are read while the page stays free, and the reading can be cancelled',
  alone,
  async ({ page, sotto }) => {
    const { text, cases } = largeYaml();
    // Of a file on the disk nothing has to go through the page before it is read.
    const path = await files.text('many.yaml', text);
    const choose = async (): Promise<void> => {
      const [chooser] = await Promise.all([page.waitForEvent('filechooser'), sotto.button('Choose a file').click()]);
      await chooser.setFiles(path);
    };
    await sotto.open('Lab');
    await sotto.button('Import').click();
    await page.evaluate(() => {
      const longest = { ms: 0 };
      Object.assign(globalThis, { longest });
      new PerformanceObserver((list) => {
        for (const { duration } of list.getEntries()) longest.ms = Math.max(longest.ms, duration);
      }).observe({ type: 'longtask' });
    });
    const progress = page.getByRole('dialog').getByRole('progressbar', { name: 'Reading' });
    await choose();
    await expect(progress).toHaveAttribute('aria-valuenow', /\d/);
    await sotto.button('Cancel').click();
    await expect(progress).toHaveCount(0);
    await expect(page.getByRole('alert')).toHaveCount(0);
    await choose();
    await expect(sotto.button(`Import ${cases.toLocaleString('en')} cases`)).toBeVisible({ timeout: 60_000 });
    const longestMs = await page.evaluate(() => (globalThis as unknown as { longest: { ms: number } }).longest.ms);
    expect(longestMs).toBeLessThan(200);
  },
);
