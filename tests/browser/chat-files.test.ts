/** Files for questions: real readers, real workers, and what people give by mistake. */
import { describe, expect, it } from 'vitest';
import { readFileText } from '../../src/chat/files/read-file-text';
import { hostilePdf, lockedPdf, oldChinesePdf, scannedPdf, textPdf } from '../fixtures/pdf-bytes';

const kindOf = async (file: Blob, name = 'x'): Promise<string> => {
  const result = await readFileText(file, name);
  return result.ok ? 'ok' : result.failure.kind;
};
const textOf = async (file: Blob): Promise<string> => {
  const result = await readFileText(file, 'x');
  if (!result.ok) throw new Error(`${result.failure.kind}: ${result.failure.technical}`);
  return result.value;
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
    expect(result).toEqual({ ok: true, value: 'words' });
  });
});
