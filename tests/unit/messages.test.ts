import { describe, expect, it } from 'vitest';
import { languageTags } from '../../src/shared/domain/languages';
import { preferredLanguage } from '../../src/text/language.svelte';
import project from '../../src/text/project.inlang/settings.json';
import { tableEntry } from '../../tools/build/table-entry';
import { inputsOf, messagesOf, textsOf } from './message-texts';

const en = messagesOf('en');
/** Names, and figures with a unit that are written the same way everywhere. */
const sameEverywhere = [
  'app_name',
  'wordmark',
  'bench_speed',
  'bench_mbs',
  'bench_place_gpu',
  'load_cache_f16',
  'lab_check_javascript',
];

describe.each(languageTags.filter((tag) => tag !== 'en'))('messages in %s', (tag) => {
  const other = messagesOf(tag);

  it('are known to the compiler of messages', () => {
    expect(project.locales).toContain(tag);
  });

  it('are the same as in English', () => {
    expect(Object.keys(other).sort()).toEqual(Object.keys(en).sort());
  });

  it.each(Object.keys(en))('%s has words and the same placeholders', (key) => {
    const [inEnglish, inOther] = [en[key] ?? '', other[key] ?? ''];
    for (const text of [...textsOf(inEnglish), ...textsOf(inOther)]) expect(text.trim()).not.toBe('');
    expect(inputsOf(inOther)).toEqual(inputsOf(inEnglish));
  });

  it('are all translated', () => {
    const same = Object.keys(en).filter((key) => en[key] === other[key]);
    expect(same.filter((key) => !sameEverywhere.includes(key))).toEqual([]);
  });
});

describe('messages', () => {
  it.each(languageTags)('have a text for each plural category of %s wherever they depend on a number', (tag) => {
    const { pluralCategories } = new Intl.PluralRules(tag).resolvedOptions();
    for (const [key, message] of Object.entries(messagesOf(tag))) {
      const entry = tableEntry(message);
      if (typeof entry === 'string') continue;
      const [inputs, texts] = entry;
      expect(Object.keys(texts), key).toHaveLength(pluralCategories.length ** inputs.length);
      for (const forms of Object.keys(texts))
        expect(pluralCategories, key).toEqual(expect.arrayContaining(forms.split(' ')));
    }
  });

  it('have keys of one form', () => {
    for (const key of Object.keys(en)) expect(key).toMatch(/^[a-z][a-z0-9]*(_[a-z0-9]+)*$/);
  });
});

describe('the language of a visitor', () => {
  it.each([
    [['en-GB'], 'en'],
    [['zh-CN', 'en'], 'zh-CN'],
    [['zh-TW'], 'zh-CN'],
    [['de-DE', 'zh-Hans-SG', 'en'], 'zh-CN'],
    [['fr'], 'en'],
    [[], 'en'],
  ] as const)('%j gets %s', (preferred, tag) => {
    expect(preferredLanguage(preferred)).toBe(tag);
  });
});
