import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { british, messagesOf, textsOf } from './message-texts';

type Text = readonly [key: string, text: string];

const texts = (locale: 'en' | 'zh-CN'): readonly Text[] =>
  Object.entries(messagesOf(locale)).flatMap(([key, message]) => textsOf(message).map((text) => [key, text] as const));
const en = texts('en');
const zh = texts('zh-CN');

/** "key: text" of each text that a rule finds fault with, so that a failure names it. */
const against = (all: readonly Text[], fault: RegExp, except: readonly string[] = []): readonly string[] =>
  all.filter(([key, text]) => fault.test(text) && !except.includes(key)).map(([key, text]) => `${key}: ${text}`);

/** What the texts once said that no native speaker or engineer would say. */
const translatedEnglish: readonly RegExp[] = [
  /^Writing (?:tg|\{)/,
  /^Reading (?:pp|\{tokens)/,
  /^(?:Writing|Reading)$/,
  /95 % (?:certain|interval)/,
  /^Trust\b/,
  /did not suffice/,
  /does not come back/,
  /was taken away/,
  /quickest one/,
  /Precision of the context/,
  /bits a number/,
  /is all of that/,
  /give this out/,
  /gets hold of/,
  /changes by itself/,
  /\b[Mm]end(?:s|ed)?\b/,
  /is needed here/,
  /oldest messages did/,
  /ask whoever/,
  /library was made for/,
  /not told|\btold\b/,
  /Models take/,
  /when the device runs short/,
  /can reach the network/,
  /can answer with/,
  /^Thinks first/,
  /As you like/,
  /Good starts/,
  /Beside the tests/,
  /speaks against/,
  /As the system/,
  /^Without a network/,
  /[Ss]tart afresh/,
  /Stop texts/,
  /cannot be helped/,
  /The same again/,
  /Lock by itself/,
  /[Ii]f it (?:stays|goes on)/,
  /out of the archive/,
  /\bwholly\b/,
  /\bvillain\b/,
  /is no \w+ that/,
  /computes wrongly/,
];

describe('English texts', () => {
  it.each(translatedEnglish)('do not say %s', (phrase) => {
    expect(against(en, phrase)).toEqual([]);
  });

  it('are spelled as in America', () => {
    expect(against(en, british)).toEqual([]);
  });

  it('use contractions, and marks that are no typewriter’s', () => {
    const stiff =
      /\b(?:do|does|did|is|are|was|were|has|have|could|would|should) not\b|\bcannot (?:be (?:used|read|had|stored)|run|tell)\b/;
    expect(against(en, stiff)).toEqual([]);
    expect(against(en, /\w'\w|"|\.\.\./)).toEqual([]);
  });

  it('put a number into a sentence, with a plural, instead of behind a colon', () => {
    // The threads of the self-test are names.
    const counted = /: \{(?:count|chats|models|threads|conversations|messages|personas)\}/;
    expect(against(en, counted, ['selftest_silent'])).toEqual([]);
  });

  it('name a confidence interval and a percentage as the field writes them', () => {
    expect(against(en, /\d %|\} %/)).toEqual([]);
    expect(en).toContainEqual(['bench_interval', '95% CI {low}–{high}']);
    expect(en).toContainEqual(['bench_test_reading', 'Prefill (pp{tokens})']);
    expect(en).toContainEqual(['bench_test_writing', 'Decode (tg{tokens})']);
  });

  it('never answer a question with a bare "Yes" or "No" on a button', () => {
    expect(against(en, /^(?:Yes|No)[,!]/)).toEqual([]);
  });
});

const han = '[\\u3400-\\u9fff]';
/** Placeholders that end with Chinese words: a time, the name of a thread, what is said of a maker. */
const chinesePlaceholder = '\\{(?:time|source|maker)\\}';

describe('Chinese texts', () => {
  it('call things by one name', () => {
    const other: Readonly<Record<string, RegExp>> = {
      向导: /Guide|指南|引导/,
      词元: /令牌|记号|标记符|(?<!\{)\btokens?\b(?!\}|）)/,
      你: /您/,
      加载: /载入/,
      对话: /聊天记录|会话记录/,
      应用锁: /(?<!应用)锁(?:开启|关闭|已)|把锁|上锁/,
      'Service Worker': /服务线程/,
    };
    for (const [name, others] of Object.entries(other)) expect(against(zh, others), name).toEqual([]);
  });

  it('have full-width punctuation', () => {
    const halfWidth = new RegExp(`${han} ?[,;:?!()]|[,;:?!(] ?${han}|${han}\\.(?![a-z])`);
    expect(against(zh, halfWidth)).toEqual([]);
  });

  it('have the Chinese ellipsis, of six dots', () => {
    // The name of a file keeps its own.
    expect(against(zh, /(?<!…)…(?!…|-\d)|\.\.\./)).toEqual([]);
  });

  it('have a space between Chinese and Latin letters or digits', () => {
    expect(against(zh, new RegExp(`${han}[A-Za-z0-9]|[A-Za-z0-9%]${han}`))).toEqual([]);
    const placeholders = new RegExp(`${han}(?!${chinesePlaceholder})\\{|(?<!${chinesePlaceholder})(?<=\\})${han}`);
    expect(against(zh, placeholders)).toEqual([]);
  });

  it('have no space beside full-width marks', () => {
    expect(against(zh, /[，。；：？！、）”] +(?!\{)|[ ]+[，。；：？！、（]/)).toEqual([]);
  });

  it('use the terms of Chinese engineers in the benchmark', () => {
    expect(Object.fromEntries(zh)).toMatchObject({
      bench_prefill: '预填充',
      bench_decode: '解码',
      bench_ttft: '首字延迟（TTFT）',
      bench_interval: '95% 置信区间 {low}–{high}',
    });
  });

  it('are never slanted: their fonts have no italics, and a browser would only lean them', () => {
    const css = readFileSync(join(__dirname, '../../src/ui/base.css'), 'utf8');
    expect(css).toMatch(/html \{[^}]*font-synthesis-style: none;/);
  });
});
