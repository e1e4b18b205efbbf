import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { preferredLanguage } from '../../src/text/language.svelte';

const read = (tag: string): Record<string, string> => {
  const path = join(__dirname, `../../src/text/messages/${tag}.json`);
  const messages = JSON.parse(readFileSync(path, 'utf8')) as Record<string, string>;
  delete messages['$schema'];
  return messages;
};
const en = read('en');
const zh = read('zh-CN');
const placeholders = (text: string | undefined): readonly string[] =>
  [...(text?.matchAll(/\{\w+\}/g) ?? [])].map(String).sort();

describe('messages', () => {
  it('are the same in both languages', () => {
    expect(Object.keys(zh).sort()).toEqual(Object.keys(en).sort());
  });

  it.each(Object.keys(en))('%s has words and the same placeholders in both', (key) => {
    expect(en[key]?.trim()).not.toBe('');
    expect(zh[key]?.trim()).not.toBe('');
    expect(placeholders(zh[key])).toEqual(placeholders(en[key]));
  });

  it('are all translated', () => {
    const same = Object.keys(en).filter((key) => en[key] === zh[key]);
    expect(same).toEqual(['app_name', 'wordmark']);
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
