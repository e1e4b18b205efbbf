/** Files for questions: real readers, real workers, and what people give by mistake. */
import { describe, expect, it } from 'vitest';
import { PendingFiles } from '../../src/chat/files/pending-files.svelte';
import { readFileText, readTextIn } from '../../src/chat/files/read-file-text';
import { fromBase64 } from '../../src/shared/platform/base64';
import { encodedTexts } from '../fixtures/encoded-texts';
import { hostilePdf, lockedPdf, oldChinesePdf, scannedPdf, textPdf } from '../fixtures/pdf-bytes';

const kindOf = async (file: Blob, name = 'x'): Promise<string> => {
  const result = await readFileText(file, name);
  return result.ok ? 'ok' : result.failure.kind;
};
const textOf = async (file: Blob): Promise<string> => {
  const result = await readFileText(file, 'x');
  if (!result.ok) throw new Error(`${result.failure.kind}: ${result.failure.technical}`);
  if (result.value.kind !== 'text') throw new Error('it was asked which encoding it is in');
  return result.value.text;
};

describe('PDF', () => {
  it('gives its text, page by page', async () => {
    expect(await textOf(textPdf(['Hello (there)', 'second line'], ['next page']))).toBe(
      'Hello (there)\nsecond line\n\nnext page',
    );
  });

  it('gives Chinese of old files, too', async () => {
    expect(await textOf(oldChinesePdf())).toBe('中文');
  });

  it('of pictures only is told as such', async () => expect(await kindOf(scannedPdf())).toBe('attachment-no-text'));

  it('with a password is told as such', async () => expect(await kindOf(lockedPdf())).toBe('attachment-encrypted'));

  it('that runs scripts runs none', async () => {
    const before = performance.getEntriesByType('resource').filter(({ name }) => name.includes('evil')).length;
    expect(await textOf(hostilePdf())).toBe('harmless words');
    expect(performance.getEntriesByType('resource').filter(({ name }) => name.includes('evil'))).toHaveLength(before);
  });

  it.each([
    ['cut off', async () => new Blob([(await textPdf(['x']).arrayBuffer()).slice(0, 60)])],
    ['rubbish', () => Promise.resolve(new Blob(['%PDF-1.7\n', new Uint8Array(5000).fill(7)]))],
    ['empty', () => Promise.resolve(new Blob(['%PDF-']))],
  ])('that is %s fails by name, and nothing hangs', async (_name, make) => {
    const result = await readFileText(await make(), 'broken.pdf');
    expect(result).toMatchObject({ ok: false, failure: { subject: 'broken.pdf' } });
    if (!result.ok) expect(result.failure.kind).toMatch(/^attachment-(unreadable|no-text)$/);
  });

  it('is known by its bytes, whatever its name', async () => {
    const result = await readFileText(textPdf(['words']), 'notes.txt');
    expect(result).toMatchObject({ ok: true, value: { kind: 'text', text: 'words' } });
  });
});

describe('a text', () => {
  it.each(encodedTexts)(
    'is read in its encoding, and others are offered: %s',
    async (_name, encoding, base64, text) => {
      const result = await readFileText(new Blob([fromBase64(base64)]), 'x.csv');
      expect(result).toMatchObject({ ok: true, value: { kind: 'text', text, encoding, damaged: 0 } });
      if (result.ok && result.value.kind === 'text') expect(result.value.choices.length).toBeGreaterThan(1);
    },
  );

  it('that may be in several encodings is asked about, and read as a person says', async () => {
    // "Ő" and "Õ", in what little there is of it.
    const file = new Blob([new Uint8Array([0xd5, 0x0a])]);
    const result = await readFileText(file, 'x.txt');
    if (!result.ok || result.value.kind !== 'encoding-wanted') throw new Error('it was not asked about');
    const { choices } = result.value;
    expect(choices).toContainEqual({ encoding: 'windows-1250', preview: 'Ő' });
    expect(choices).toContainEqual({ encoding: 'windows-1252', preview: 'Õ' });
    const chosen = await readTextIn('windows-1250', file, 'x.txt', choices);
    expect(chosen).toMatchObject({ ok: true, value: { kind: 'text', text: 'Ő\n', encoding: 'windows-1250', choices } });
  });

  it('in one’s own pending files waits until its encoding is told, and is not sent without', async () => {
    const files = new PendingFiles({ changed: () => {}, removed: () => {} });
    files.add([new File([new Uint8Array([0xd5, 0x0a])], 'x.txt')]);
    const [file] = files.items;
    if (!file) throw new Error('no file');
    await expect.poll(() => file.state).toBe('encoding-wanted');
    expect([files.pending, files.take(), files.items]).toEqual([true, [], [file]]);
    await files.read(file, 'windows-1250');
    expect([file.state, file.text, file.encoding, files.pending]).toEqual(['ready', 'Ő\n', 'windows-1250', false]);
    await files.read(file, 'windows-1252');
    expect(file.text).toBe('Õ\n');
  });
});
