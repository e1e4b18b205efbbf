/** Files in encodings of old: read where they are certain, asked about where not, and never sent as nonsense. */
import { encodedTexts } from '../fixtures/encoded-texts';
import { playScript } from '../fixtures/scripted-answers';
import type { SottoPage } from './sotto-page';
import { everywhere, expect, test } from './test';

async function give(sotto: SottoPage, name: string, buffer: Buffer): Promise<void> {
  const chooser = await sotto.fileChooser();
  await chooser.setFiles([{ name, mimeType: 'text/csv', buffer }]);
}

test('a file in a Korean encoding is read as Korean, and says so', everywhere, async ({ page, sotto }) => {
  const [, , base64 = ''] = encodedTexts[0] ?? [];
  await sotto.open();
  await give(sotto, 'people.csv', Buffer.from(base64, 'base64'));
  const files = page.getByRole('list', { name: 'Files for this message' });
  await expect(files).toContainText(/people\.csv.*about \d+ tokens.*Korean \(EUC-KR, CP949\)/);
  await sotto.button('Korean (EUC-KR, CP949)', files).click();
  await expect(page.getByRole('dialog')).toContainText('이름,나이,도시');
});

test('a file whose encoding is not certain waits until a person has chosen it', everywhere, async ({ page, sotto }) => {
  await playScript(page, { answers: [[{ token: 'Yes.' }]] });
  await sotto.open();
  await sotto.message.fill('Whose is it?');
  // "Ő" in Windows-1250, "Õ" in Windows-1252, and more.
  await give(sotto, 'name.csv', Buffer.from([0xd5, 0x0a]));
  const files = page.getByRole('list', { name: 'Files for this message' });
  await expect(page.getByText('Choose the encoding of “name.csv” before sending.')).toBeVisible();
  await expect(sotto.send).toBeDisabled();
  await sotto.button('Which encoding?', files).click();
  const dialog = page.getByRole('dialog', { name: 'Which encoding?' });
  await sotto.button('Show all encodings', dialog).click();
  const choice = dialog.getByRole('radio', { name: /Central European \(Windows-1250\)/ });
  await expect(dialog).toContainText('Ő');
  await choice.click();
  await sotto.button('Use this encoding', dialog).click();
  await expect(files).toContainText('Central European (Windows-1250)');
  await sotto.send.click();
  await sotto.whole();
  await expect(sotto.questions).toContainText(['name.csv']);
});
