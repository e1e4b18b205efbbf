import { readFileSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { m } from '../../src/text/paraglide/messages.js';
import { overwriteGetLocale } from '../../src/text/paraglide/runtime.js';
import { WordTables } from '../../src/text/split-word-tables';
import { eagerModules, messagesIn } from '../../tools/build/eager-modules';
import { tableEntry } from '../../tools/build/table-entry';
import { inputsOf, messagesOf } from './message-texts';

const root = resolve(__dirname, '../..');
afterAll(() => overwriteGetLocale(() => 'en'));

describe('words in tables', () => {
  const table = (locale: 'en' | 'zh-CN') => () =>
    Promise.resolve({ default: Object.values(messagesOf(locale)).map(tableEntry) });
  const loaders = {
    en: { first: table('en'), soon: table('en'), rest: table('en') },
    'zh-CN': { first: table('zh-CN'), soon: table('zh-CN'), rest: table('zh-CN') },
  };

  it.each(['en', 'zh-CN'] as const)('read as the messages of development do, in %s', async (locale) => {
    overwriteGetLocale(() => locale);
    const tables = new WordTables(loaders);
    await tables.load(locale, 'first');
    for (const [index, [key, words]] of Object.entries(messagesOf(locale)).entries()) {
      const message = m[key as 'copy'] as (inputs: unknown) => string;
      for (const value of ['<name>', '0', '1', '2', '1,234']) {
        const inputs = Object.fromEntries(inputsOf(words).map((name) => [name, value]));
        expect(tables.say('first', index, inputs), key).toBe(message(inputs));
      }
    }
  });

  it('have the English words where a language lacks them, also for numbers that English has no form of its own for', async () => {
    const russian = 'ru' as 'en';
    overwriteGetLocale(() => russian);
    const forms = tableEntry([
      {
        declarations: ['input count', 'local countPlural = count: plural'],
        selectors: ['countPlural'],
        match: { 'countPlural=one': '{count} chat', 'countPlural=other': '{count} chats' },
      },
    ]);
    const load = () => Promise.resolve({ default: [forms] });
    const tables = new WordTables({ ru: { first: load, soon: load, rest: load } });
    await tables.load(russian, 'first');
    expect(['1', '2', '5'].map((count) => tables.say('first', 0, { count }))).toEqual(['1 chat', '2 chats', '5 chats']);
  });

  it('refuse variants that a table cannot tell apart', () => {
    const byGender = { declarations: ['input gender'], selectors: ['gender'], match: { 'gender=male': 'he' } };
    expect(() => tableEntry([byGender])).toThrow('"gender" is not declared as a plural');
  });

  it('are loaded in the language that is asked for, and only then', async () => {
    const load = vi.fn(table('en'));
    const tables = new WordTables({ ...loaders, en: { first: load, soon: load, rest: load } });
    overwriteGetLocale(() => 'en');
    expect(tables.say('first', 0)).toBe('');
    await tables.load('zh-CN', 'first');
    expect(load).not.toHaveBeenCalled();
    await tables.load('en', 'first');
    expect(tables.say('first', 0)).toBe('Sotto');
  });

  it('tell when they cannot be had', async () => {
    const gone = (): Promise<never> => Promise.reject(new TypeError('Failed to fetch'));
    await expect(new WordTables({ en: { first: gone, soon: gone, rest: gone } }).load('en', 'first')).rejects.toThrow(
      TypeError,
    );
  });

  it('are asked for by code that has just arrived, and a failure is not kept', async () => {
    overwriteGetLocale(() => 'en');
    const rest = vi.fn(table('en')).mockRejectedValueOnce(new TypeError('Failed to fetch'));
    const tables = new WordTables({ en: { first: table('en'), soon: table('en'), rest } });
    await tables.ready();
    expect(rest).not.toHaveBeenCalled();
    tables.want('rest');
    await vi.waitFor(() => expect(rest).toHaveBeenCalledOnce());
    expect(tables.say('rest', 0)).toBe('');
    await tables.ready();
    expect(tables.say('rest', 0)).toBe('Sotto');
  });
});

describe('what the first screen needs', () => {
  const eager = new Set([...eagerModules(resolve(root, 'src/main.ts'))].map((file) => relative(root, file)));

  it('is found by the import lines', () => {
    for (const file of ['src/main.ts', 'src/app/App.svelte', 'src/chat/Composer.svelte', 'src/app/notices.svelte.ts'])
      expect(eager).toContain(file);
    for (const file of ['src/models/ModelsScreen.svelte', 'src/ui/Dialog.svelte', 'src/text/failure-text.ts'])
      expect(eager).not.toContain(file);
  });

  it('names its messages in a way that can be found', () => {
    expect(
      messagesIn(`import { m } from '../text/paraglide/messages.js';\nm.copy({ a: m.b() }); a.m.c; form.d`),
    ).toEqual(expect.arrayContaining(['copy', 'b']));
    for (const file of eager) {
      const source = readFileSync(resolve(root, file), 'utf8');
      if (source.includes('/paraglide/messages.js')) expect(source, file).not.toMatch(/\bm\[|\* as m\b|\bm as\b/);
    }
  });
});
