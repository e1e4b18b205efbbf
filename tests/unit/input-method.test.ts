/** Whoever reads keys asks first whether they belong to the input method. Read in the sources, so that a new one is not forgotten. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const sources = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .filter((path) => /\.(?:svelte|ts)$/.test(path) && !path.includes('paraglide') && path !== 'ui/input-method.ts')
  .map((path) => ({ path, text: readFileSync(`src/${path}`, 'utf8') }));

const count = (text: string, pattern: RegExp): number => text.match(pattern)?.length ?? 0;

/** Functions that look at a key. Listeners that only want to know that somebody is there look at none. */
const readersIn = (text: string): number =>
  count(text, /\bon(?:keydown|keyup|keypress)=\{\(|[(,] ?(?:event|\{[^}]*\}): KeyboardEvent\b/g);

/** Readers that only hear of keys for which another one has asked: the app leaves all to `shortcutOf`, and this to `isPressed`. */
const told: Readonly<Record<string, number>> = { 'app/App.svelte': 1, 'app/shortcuts.ts': 1 };

describe('the input method', () => {
  const reading = sources.filter(({ text }) => readersIn(text) > 0);

  it('is met where keys are read', () => {
    expect(reading.map(({ path }) => path)).toEqual(
      expect.arrayContaining(['app/shortcuts.ts', 'chat/GrowingTextarea.svelte', 'library/ConversationList.svelte']),
    );
  });

  it.each(reading.map(({ path, text }) => [path, text] as const))(
    'is asked by each reader of keys in %s',
    (path, text) => {
      expect(count(text, /\bbelongsToInputMethod\(/g)).toBe(readersIn(text) - (told[path] ?? 0));
    },
  );

  it('keeps its keys from what a library closes on Escape', () => {
    const windows = sources.filter(({ text }) => /<(?:Alert)?Dialog\.Content\b/.test(text));
    expect(windows.length).toBeGreaterThan(0);
    for (const { path, text } of windows)
      expect(text, path).toMatch(/Dialog\.Content[^>]*\{@attach keepsInputMethodKeys\}/);
  });

  it('is recognized in one place', () => {
    for (const { path, text } of sources) expect(text, path).not.toMatch(/\bisComposing\b|\b229\b/);
  });
});
