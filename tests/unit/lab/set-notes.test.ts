import { describe, expect, it } from 'vitest';
import { setNoteKinds, type SetPlace } from '../../../src/shared/domain/lab/set-note';
import { setNoteText, setPlaceText } from '../../../src/lab/words/set-note-text';
import { languageTags } from '../../../src/shared/domain/languages';
import { overwriteGetLocale } from '../../../src/text/paraglide/runtime.js';

describe.each(languageTags)('notes of an import in %s', (tag) => {
  it.each(setNoteKinds)('%s has words of its own', (kind) => {
    overwriteGetLocale(() => tag);
    const text = setNoteText({ kind, detail: '' });
    expect(text.length).toBeGreaterThan(5);
    expect(text).not.toMatch(/\{\w+\}|undefined|lab_/);
    expect(/[\u4e00-\u9fff]/.test(text)).toBe(tag === 'zh-CN');
    expect(setNoteKinds.filter((other) => setNoteText({ kind: other, detail: '' }) === text)).toEqual([kind]);
  });

  it('name the place', () => {
    overwriteGetLocale(() => tag);
    const places: readonly SetPlace[] = [
      { in: 'file' },
      { in: 'column', column: 'q' },
      { in: 'row', row: 1234 },
      { in: 'row', row: 2, column: 'q' },
      { in: 'line', line: 3 },
      { in: 'line', line: 3, column: 'q' },
      { in: 'test', test: 4 },
      { in: 'test', test: 4, check: 1 },
      { in: 'default-test' },
      { in: 'default-test', check: 1 },
      { in: 'prompt', prompt: 5 },
    ];
    const texts = places.map(setPlaceText);
    expect(new Set(texts).size).toBe(places.length);
    expect(texts[2]).toContain('1,234');
    expect(texts.join()).not.toMatch(/\{|undefined/);
  });
});
