/** Another host for models: what it can deliver is told when it is named, and a library that changes is not run. */
import { HubControl } from '../fixtures/hub/hub-control';
import { hubOrigin } from './hub-origin';
import { expect, test } from './test';

const control = new HubControl(hubOrigin);
const libraries = 'mlc-ai/binary-mlc-llm-libs';
/** The model that Sotto asks a host for. */
const asked = 'mlc-ai/Qwen3-0.6B-q4f16_1-MLC';
const library = 'web-llm-models/v0_2_86/base/Qwen3-0.6B-q4f16_1_cs1k-webgpu.wasm';
/** The magic number, version 1, and a section for anything. */
const wasm = (filler: string): { base64: string } => ({
  base64: btoa(`\0asm\x01\0\0\0\0\x05\x01a${filler}${filler}${filler}`),
});

test.beforeEach(async ({ sotto }) => {
  await control.reset();
  await sotto.open('Settings');
});

test('a host is asked for what models need, and says what is missing', async ({ page, sotto }) => {
  await sotto.useModelHost(hubOrigin);
  const check = page.getByRole('status').filter({ hasText: asked });
  await expect(check.getByText('docs/hosting.md', { exact: false })).toBeVisible();
  await expect(check.getByText('It has no compiled libraries', { exact: false })).toBeVisible();

  const shard = { path: 'params_shard_0.bin', content: { bytes: 100, seed: 1 } };
  await control.addRepository({ id: asked, files: [shard] });
  await control.addRepository({ id: libraries, files: [{ path: library, content: wasm('a') }] });
  await sotto.button('Check again').click();
  await expect(check.getByRole('listitem')).toHaveCount(3);
  for (const line of ['CORS', 'Range', 'compiled libraries'])
    await expect(check.getByRole('listitem').filter({ hasText: line })).toContainText('✓');
  await expect(sotto.button('Check again'), 'the focus stays').toBeFocused();
});

test('a template of paths is understood, and one that names no file is not', async ({ page, sotto }) => {
  const host = page.getByRole('textbox', { name: 'Model host' });
  await host.fill(`${hubOrigin}/{repo}`);
  await sotto.button('Use this host').click();
  await expect(page.getByText('This isn’t a valid address.', { exact: false })).toBeVisible();
  await sotto.useModelHost(`${hubOrigin}/models/{repo}/resolve/{revision}/{path}`);
  await sotto.goTo('Models');
  const dialog = await sotto.askForModel('sotto-tests/tiny-gguf');
  await expect(sotto.button('Download', dialog)).toBeVisible();
});

test('a library that is another than the first from its address waits for a person', async ({ page, sotto }) => {
  await sotto.useModelHost(hubOrigin);
  await sotto.goTo('Models');
  const add = async (): Promise<void> => {
    await sotto.button('Add a model').click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('textbox', { name: 'Model URL' }).fill('https://huggingface.co/sotto-tests/mlc-tiny');
    await dialog.getByRole('textbox', { name: 'Model library URL' }).fill(`${hubOrigin}/files/code.wasm`);
    await sotto.button('Add', dialog).click();
    await sotto.button('Download', dialog).click();
  };
  await control.addFile('code.wasm', wasm('a'));
  await add();
  const card = page.getByRole('article', { name: 'mlc-tiny', exact: true });
  await expect(sotto.button('Use', card)).toBeVisible();
  await sotto.button('Delete', card).click();
  await expect(card).toHaveCount(0);

  await control.addFile('code.wasm', { base64: btoa(`${atob(wasm('b').base64)}\0\x02\x01b`) });
  await add();
  await expect(card.getByRole('alert')).toContainText('The model’s library has changed');
  await sotto.button('Use anyway', card).click();
  await expect(sotto.button('Use', card)).toBeVisible();
});
