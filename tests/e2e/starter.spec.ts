/** From a first visit to the answer of a larger model: one tap and one wait, told where things stand. */
import { scriptedModel } from '../fixtures/scripted-gguf';
import { HubControl } from '../fixtures/hub/hub-control';
import { ggufBuilds } from './catalog-builds';
import { hubOrigin } from './hub-origin';
import type { SottoPage } from './sotto-page';
import { expect, test } from './test';

const control = new HubControl(hubOrigin);
const question = 'What is the capital of France?';
const answer = ['The capital ', 'of France ', 'is Paris.'];

test.use({ viewport: { width: 390, height: 844 } });

test.beforeEach(async ({ page }) => {
  await control.reset();
  // As a person behind a firewall has set it: the first visit then needs no way through the settings.
  await page.addInitScript((origin) => localStorage.setItem('sotto.hub-url', origin), hubOrigin);
});

/** Puts a model of some megabytes where the recommended one is expected. @returns the model's name on its card */
async function publish(sotto: SottoPage): Promise<string> {
  const offer = sotto.page.getByRole('group', { name: 'A larger model' });
  const title = /^Download (.*?)\s*$/m.exec(await offer.getByRole('button', { name: /^Download/ }).innerText())?.[1];
  const build = ggufBuilds.find((candidate) => candidate.title === title);
  if (!build) throw new Error(`not in the catalog: ${title}`);
  const base64 = Buffer.concat([...scriptedModel({ answer, size: { layers: 1, feedForward: 1024 } })]).toString(
    'base64',
  );
  await control.addRepository({
    id: build.repository,
    licence: 'apache-2.0',
    files: [{ path: build.file, content: { base64 } }],
  });
  return `${build.title} (${build.quantization})`;
}

test('one tap and one wait lead from the first visit to the answer of a larger model', async ({ page, sotto }) => {
  await sotto.open();
  const offer = page.getByRole('group', { name: 'A larger model' });
  await expect(offer.getByRole('button', { name: /^Download .*\d+ [MG]B/ })).toBeVisible();
  const name = await publish(sotto);
  await control.set({ bytesPerSecond: 800_000 });

  await sotto.ask(question);
  await sotto.whole();
  await expect(sotto.answer).toContainText('I only know about Sotto');
  // The one tap.
  await offer.getByRole('button', { name: /^Download/ }).click();
  // The one wait.
  await expect(offer.getByRole('progressbar')).toBeVisible();
  await expect(offer.getByRole('status')).toHaveText(/Downloading/);
  await expect(offer.getByRole('checkbox', { name: 'Use it when it’s ready' })).toBeChecked();
  await expect(sotto.button('Model')).toContainText(/Downloading, \d+%/);
  // Meanwhile the Guide still answers, and every screen tells how far the download is.
  expect(await sotto.answerTo('Who can read my chats?')).toMatch(/read your chats/i);
  await page.evaluate(() => (location.hash = '#/privacy'));
  await expect(page.getByRole('link', { name: new RegExp(`${name.slice(0, 5)}.*Downloading, \\d+%`) })).toBeVisible();
  await control.set({ bytesPerSecond: null });
  // Nobody is led away from what they look at.
  await expect(page.getByText(`${name} is ready and answers your question.`)).toBeVisible();
  await expect(page.getByRole('heading', { level: 1, name: 'Privacy' })).toBeVisible();
  await sotto.button('Show chat').click();

  await expect(sotto.button('Model')).toContainText(name);
  await expect(sotto.questions.last()).toContainText(question);
  await expect(sotto.answer).toContainText(answer.join(''));
  await sotto.whole();
  await expect(offer).toHaveCount(0);
});

test('the question that the Guide has declined is answered again in its place', async ({ page, sotto }) => {
  await sotto.open();
  const offer = page.getByRole('group', { name: 'A larger model' });
  await sotto.ask(question);
  await sotto.whole();
  await publish(sotto);
  await offer.getByRole('button', { name: /^Download/ }).click();
  await expect(sotto.answer).toContainText(answer.join(''));
  await expect(sotto.answers).toHaveCount(1);
  await sotto.button('Previous version').click();
  await expect(sotto.answer).toContainText('I only know about Sotto');
});

test('a model that is not wanted at once waits for a tap, and an empty chat then says that it is ready', async ({
  page,
  sotto,
}) => {
  await sotto.open();
  const offer = page.getByRole('group', { name: 'A larger model' });
  await expect(offer.getByRole('button', { name: /^Download/ })).toBeVisible();
  const name = await publish(sotto);
  await control.set({ bytesPerSecond: 500_000 });
  await offer.getByRole('button', { name: /^Download/ }).click();
  await offer.getByRole('checkbox', { name: 'Use it when it’s ready' }).uncheck();
  await control.set({ bytesPerSecond: null });
  await expect(offer.getByText(`${name} is ready.`)).toBeVisible();
  await expect(sotto.button('Model')).toContainText('Guide');
  await sotto.button(`Use ${name}`, offer).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Ready' })).toBeVisible();
  await page.getByRole('list', { name: 'Suggested questions' }).getByRole('button').first().click();
  await sotto.whole();
  await expect(sotto.answer).toContainText(answer.join(''));
});

test('a download that fails behind another screen is told there, and tried again from there', async ({
  page,
  sotto,
  watched,
}) => {
  await sotto.open();
  const offer = page.getByRole('group', { name: 'A larger model' });
  await expect(offer.getByRole('button', { name: /^Download/ })).toBeVisible();
  await publish(sotto);
  const fault = await control.fault({ type: 'status', status: 404, at: ['resolve'], skip: 1 });
  await control.set({ bytesPerSecond: 800_000 });
  await offer.getByRole('button', { name: /^Download/ }).click();
  await page.evaluate(() => (location.hash = '#/settings'));
  await expect(page.getByText(/The download of .* stopped\./)).toBeVisible();
  await expect(page.getByRole('link', { name: /Download stopped/ })).toBeVisible();
  await control.clearFaults(fault);
  await control.set({ bytesPerSecond: null });
  await sotto.button('Try again').first().click();
  await expect(page.getByRole('link', { name: /Download stopped/ })).toHaveCount(0);
  await page.evaluate(() => (location.hash = '#/chat'));
  await expect(page.getByRole('heading', { level: 1, name: 'Ready' })).toBeVisible();
  watched.forgive(/status of 404/);
});

test('offline, the offer says that the download waits, and it begins when the network is back', async ({
  page,
  sotto,
  context,
  watched,
}) => {
  await sotto.open();
  const offer = page.getByRole('group', { name: 'A larger model' });
  await publish(sotto);
  await context.setOffline(true);
  await expect(offer.getByText('You’re offline')).toBeVisible();
  await offer.getByRole('button', { name: /^Download/ }).click();
  await expect(offer.getByRole('status')).toHaveText('Waiting for a connection…');
  await context.setOffline(false);
  await expect(page.getByRole('heading', { level: 1, name: 'Ready' })).toBeVisible();
  watched.forgive(/ERR_INTERNET_DISCONNECTED/);
});
