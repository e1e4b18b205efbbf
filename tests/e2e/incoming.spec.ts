/** What other apps share with Sotto, and links into it: shown to a person first, whatever it is. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from '@playwright/test';
import { scriptedModel } from '../fixtures/scripted-gguf';
import type { SottoPage } from './sotto-page';
import { expect, test } from './test';
import { untilKept } from './raw-storage';

test.use({ serviceWorkers: 'allow' });

interface SharedFile {
  readonly name: string;
  readonly mimeType: string;
  readonly buffer: Buffer;
}

/** Shares as the operating system does: a form that is posted to the app, from nowhere. */
async function share(
  page: Page,
  origin: string,
  texts: Record<string, string>,
  files: SharedFile[] = [],
): Promise<void> {
  const form = `<!doctype html><form method="post" enctype="multipart/form-data" action="${origin}/share">
    <input name="title"><input name="text"><input name="url"><input type="file" name="files" multiple><button>Share</button></form>`;
  const sender = createServer((_, response) => response.setHeader('Content-Type', 'text/html').end(form));
  await new Promise<void>((resolve) => sender.listen(0, 'localhost', resolve));
  await page.goto(`http://localhost:${(sender.address() as AddressInfo).port}/`);
  for (const [name, text] of Object.entries(texts)) await page.locator(`[name="${name}"]`).fill(text);
  await page.locator('[name="files"]').setInputFiles(files);
  await page.getByRole('button', { name: 'Share' }).click();
  sender.close();
}

/** The system shares with installed apps only: the service worker is there. */
async function install(sotto: SottoPage): Promise<string> {
  await sotto.open('Settings');
  await expect(sotto.page.getByText('Sotto works offline')).toBeVisible({ timeout: 30_000 });
  return new URL(sotto.page.url()).origin;
}

test('what is shared while the chats are locked waits until they are unlocked', async ({ page, sotto, watched }) => {
  const origin = await install(sotto);
  for (const field of ['New passphrase', 'Repeat passphrase']) await page.getByLabel(field).fill('heron river lantern');
  await sotto.button('Turn on the lock').click();
  await expect(sotto.button('Turn off the lock')).toBeVisible();
  await share(page, origin, { title: 'A title', text: 'Words', url: '' });
  await expect(page.getByRole('heading', { name: 'Sotto is locked' })).toBeVisible();
  expect(await page.content()).not.toContain('Words');
  await page.getByLabel('Passphrase', { exact: true }).fill('heron river lantern');
  await sotto.button('Unlock').click();
  await expect(sotto.message).toHaveValue('A title\n\nWords');
  watched.forgive(/favicon/);
});

test('shared words and links become a draft, and nothing is sent', async ({ page, sotto, watched }) => {
  const origin = await install(sotto);
  await share(page, origin, { title: 'A title', text: '<b>Words</b> & more', url: 'https://example.org/?q=1' });
  await expect(sotto.message).toHaveValue('A title\n\n<b>Words</b> & more\n\nhttps://example.org/?q=1');
  await expect(page).toHaveURL(/^[^?]*#\/chat$/);
  await expect(sotto.questions).toHaveCount(0);
  await untilKept(page, '<b>Words</b> & more');
  await page.reload();
  await expect(sotto.message, 'taken once, and kept').toHaveValue(/^A title\n\n<b>Words.*q=1$/s);
  // The tab of the sender has no icon.
  watched.forgive(/favicon/);
});

test('shared files of any kind are named for what they are, and used when a person says so', async ({
  page,
  sotto,
  watched,
}) => {
  const origin = await install(sotto);
  const chats = [
    { type: 'sotto-chats', version: 1 },
    { type: 'conversation', id: 'shared', title: 'A shared chat', createdAt: 1, updatedAt: 1, activeLeafId: 'm' },
    { type: 'message', role: 'user', id: 'm', conversationId: 'shared', parentId: null, text: 'Hello', createdAt: 1 },
  ];
  const model = Buffer.concat([...scriptedModel({ answer: ['Hello', ' there'] })].map((piece) => Buffer.from(piece)));
  await share(page, origin, {}, [
    {
      name: 'chats.jsonl',
      mimeType: 'text/plain',
      buffer: Buffer.from(chats.map((line) => JSON.stringify(line)).join('\n')),
    },
    { name: 'shared.gguf', mimeType: 'image/png', buffer: model },
    { name: '../<img src=x>.md', mimeType: '', buffer: Buffer.from('# Notes\n\nof mine') },
    { name: 'noise.gguf', mimeType: 'application/octet-stream', buffer: Buffer.alloc(200_000, 1).fill(0, 10, 20) },
    { name: 'long.txt', mimeType: 'text/plain', buffer: Buffer.alloc(2_000_000, 'a') },
    { name: 'empty.gguf', mimeType: '', buffer: Buffer.alloc(0) },
  ]);
  const dialog = page.getByRole('dialog', { name: 'Opened with Sotto' });
  await expect(dialog.getByRole('listitem')).toHaveCount(6);
  await expect(dialog.getByText('Sotto can’t open this file')).toHaveCount(2);
  // Too long for the box.
  await expect(sotto.button('Attach to message', dialog)).toHaveCount(1);
  await expect(sotto.chats.getByRole('listitem'), 'nothing is imported unasked').toHaveCount(0);
  await sotto.button('Import chats', dialog).click();
  await sotto.button('Add to message', dialog).click();
  await sotto.button('Add model', dialog).click();
  await expect(dialog.getByRole('listitem')).toHaveCount(3);
  await page.keyboard.press('Escape');
  await expect(sotto.button('Use', page.getByRole('article', { name: 'shared', exact: true }))).toBeVisible();
  await sotto.goTo('Settings');
  const panel = page.getByRole('region', { name: 'Import', exact: true });
  await expect(panel).toContainText('1 new');
  await sotto.button('Import', panel).click();
  await expect(sotto.chat('A shared chat')).toBeVisible();
  await sotto.goTo('Chat');
  await expect(sotto.message).toHaveValue('# Notes\n\nof mine');
  watched.forgive(/favicon/);
});

test('links into the app show what they ask for, and do nothing else', async ({ page, sotto }) => {
  const link = (text: string): string => `/?open=${encodeURIComponent(text)}`;
  await page.goto(link('web+sotto:chat?text=Is%20this%20a%20draft%3F'));
  await expect(sotto.message).toHaveValue('Is this a draft?');
  await expect(sotto.questions).toHaveCount(0);
  await page.goto(link('web+sotto:model?url=https://huggingface.co/Qwen/Qwen3-0.6B-GGUF'));
  await expect(page.getByRole('dialog').getByRole('textbox', { name: 'Model URL' })).toHaveValue(/Qwen3-0\.6B-GGUF$/);
  await page.goto(link('web+sotto://benchmark'));
  await expect(page.getByRole('heading', { level: 1, name: 'Benchmark' })).toBeVisible();
  for (const strange of [
    'javascript:alert(1)',
    'web+sotto:model?url=javascript:alert(1)',
    'https://example.org/',
    '%%%',
  ]) {
    await page.goto(link(strange));
    await expect(page.getByRole('navigation', { name: 'Main' })).toBeVisible();
    await expect(page).toHaveURL(/^http:\/\/localhost:\d+\//);
  }
});
