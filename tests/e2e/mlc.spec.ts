/** An MLC model on a device without a GPU: what is said before and after the download, and what is offered instead. */
import { HubControl } from '../fixtures/hub/hub-control';
import { hubOrigin } from './hub-origin';
import { expect, test } from './test';

const control = new HubControl(hubOrigin);

test.beforeEach(async ({ sotto }) => {
  await control.reset();
  await sotto.open('Settings');
  await sotto.useModelHost(hubOrigin);
  await sotto.goTo('Models');
});

test('an MLC model is looked at, fetched with its library, and fails by name where there is no GPU', async ({
  page,
  sotto,
}) => {
  await sotto.button('Add a model').click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('textbox', { name: 'Model URL' }).fill('https://huggingface.co/sotto-tests/mlc-tiny');
  await dialog.getByRole('textbox', { name: 'Model library URL' }).fill(`${hubOrigin}/files/mlc-tiny.wasm`);
  await sotto.button('Add', dialog).click();
  // Said before a byte of the weights is fetched.
  await expect(dialog.getByText('Unlikely to run here')).toBeVisible();
  await expect(dialog.getByText(/^It needs WebGPU/)).toBeVisible();
  await expect(dialog.getByText('On the GPU, with WebLLM: MLC weights run only there.')).toBeVisible();
  await sotto.button('Download', dialog).click();

  const card = page.getByRole('article', { name: 'mlc-tiny', exact: true });
  await expect(sotto.button('Use', card)).toBeVisible();
  // What runs here instead is one step away.
  const instead = card.getByText('What runs here instead:').getByRole('button').first();
  const name = await instead.innerText();
  await instead.click();
  const other = page.getByRole('article', { name, exact: true });
  await expect(other).toBeFocused();
  await expect(other.getByText('Q4_K_M · GGUF')).toBeVisible();

  await sotto.use('mlc-tiny');
  await expect(page.getByRole('alert')).toContainText('No usable GPU');
  // The chat keeps the question, and says why there is no answer.
  await sotto.message.fill('Hello?');
  await sotto.send.click();
  await expect(sotto.answer.getByRole('alert')).toContainText('No usable GPU');
  await sotto.chooseModel('Guide');
  expect((await sotto.answerTo('Who are you?')).length).toBeGreaterThan(10);
});

test('a load that ended the page is told at the next start, on the card too, until it is loaded', async ({
  page,
  sotto,
}) => {
  const dialog = await sotto.askForModel('sotto-tests/tiny-gguf');
  await sotto.button('Download', dialog).click();
  const card = page.getByRole('article', { name: 'tiny-Q4_K_M', exact: true });
  await expect(sotto.button('Use', card)).toBeVisible();
  // As a page leaves it that the system has closed.
  await page.evaluate(() => {
    const id = document.querySelector<HTMLElement>('article[data-model^="hub:"]')?.dataset['model'] ?? '';
    localStorage.setItem('sotto.running-loads', JSON.stringify({ [id]: { name: 'tiny-Q4_K_M', at: Date.now() } }));
    addEventListener('pagehide', (event) => event.stopImmediatePropagation(), { capture: true });
  });
  await page.reload();
  await expect(page.getByText('The page closed while tiny-Q4_K_M was loading.')).toBeVisible();
  await expect(card.getByText('The page closed while this model was loading')).toBeVisible();
  await sotto.use('tiny-Q4_K_M');
  await sotto.answerTo('Hello?');
  await sotto.goTo('Models');
  await expect(card.getByText('The page closed while this model was loading')).toHaveCount(0);

  // How it is loaded can be changed: what is loaded stays until it is loaded again.
  await card.getByText('Details', { exact: true }).click();
  await expect(card.getByText(/^On the CPU, with the Sotto engine/)).toBeVisible();
  await card.getByText('Load settings').click();
  await card.getByRole('combobox', { name: 'Context window' }).selectOption('1024');
  await sotto.button('Reload', card).click();
  await expect(sotto.button('Reload', card)).toHaveCount(0);
  await expect(card.getByText(/\d threads?, loaded in/)).toBeVisible();
  await sotto.goTo('Chat');
  await sotto.message.fill('word '.repeat(3000));
  await sotto.send.click();
  await expect(sotto.answer.getByRole('alert')).toContainText(/1,024/);
});
