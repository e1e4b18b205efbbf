/** Which language an answer is in: by its script, and for Latin letters by the words that no text of a language does without. */
import type { Finding } from '../../src/shared/domain/lab/check';
import { failed, passed, undecided } from './finding';
import { frequentWords } from './frequent-words';
import { prose } from './prose';
import { languagesOfScript, letterSigns, scripts, wordScripts } from './scripts-of-languages';

/** Share of the text that must be in one script: a Chinese answer may name things in English. */
const mostlyFrom = 0.6;
/** Share of a Latin text that must be frequent words of its language; in real texts, it is a third to a half. */
const leastFrequent = 0.12;
/** Words or characters, beyond which a text is sure to show what it is. */
const enough = 12;

/** Which languages it may be; one alone is certain, none means that nothing can be said. */
type Candidates = readonly string[];

const count = (text: string, expression: RegExp): number => text.match(expression)?.length ?? 0;

function latinCandidates(words: readonly string[]): Candidates {
  const scores = Object.entries(frequentWords)
    .map(([language, frequent]) => [language, words.filter((word) => frequent.has(word)).length] as const)
    .sort((a, b) => b[1] - a[1]);
  const [best = ['', 0] as const, ...others] = scores;
  if (best[1] === 0 || (best[1] / words.length < leastFrequent && words.length > 3)) return [];
  // Of few words, every one counts; of many, a language that comes close is a relative of the real one.
  const close = others.filter(([, score]) => score > 0 && score >= best[1] * 0.85);
  return [best[0], ...close.map(([language]) => language)];
}

function letterCandidates(script: string, text: string): Candidates {
  const { telling, without } = letterSigns[script] ?? { telling: [], without: '' };
  const letters = count(text, /\p{L}/gu);
  // A name in another language has such a letter, too.
  const told = telling.find(([signs]) => count(text, signs) >= Math.max(1, letters * 0.01));
  if (told) return [told[1]];
  // A short text may be in one of them and happen to have none of its letters.
  return letters >= enough * 5 ? [without] : [without, ...telling.map(([, language]) => language)];
}

function eastAsian(han: number, kana: number): Candidates {
  if (kana > 0 && kana >= (han + kana) * 0.05) return ['ja'];
  // A name or a title in Japanese may have no kana at all.
  return han < enough && kana === 0 ? ['zh', 'ja'] : ['zh'];
}

/** @returns BCP 47, the language alone */
export function languageCandidates(answer: string): Candidates {
  const text = prose(answer);
  const han = count(text, scripts.han);
  const kana = count(text, scripts.kana);
  const hangul = count(text, scripts.hangul);
  const shares = wordScripts.map(([name, expression]) => [name, text.match(expression) ?? []] as const);
  const total = han + kana + hangul + shares.reduce((sum, [, words]) => sum + words.length, 0);
  if (total === 0) return [];
  if ((han + kana) / total >= mostlyFrom) return eastAsian(han, kana);
  if (hangul / total >= mostlyFrom) return ['ko'];
  const [script, words] = shares.find(([, { length }]) => length / total >= mostlyFrom) ?? ['', []];
  if (script === '') return [];
  if (script === 'Latin') return latinCandidates(words.map((word) => word.toLowerCase().replaceAll('’', "'")));
  return languagesOfScript[script] ?? letterCandidates(script, text);
}

const known: ReadonlySet<string> = new Set([
  'zh',
  'ja',
  'ko',
  ...Object.keys(frequentWords),
  ...Object.values(languagesOfScript).flat(),
  ...Object.values(letterSigns).flatMap(({ telling, without }) => [
    without,
    ...telling.map(([, language]) => language),
  ]),
]);

/** Two names of one language, as far as anybody can tell by an answer. */
const others: Readonly<Record<string, string>> = { nb: 'no', nn: 'no', fil: 'tl', ms: 'id', iw: 'he', cmn: 'zh' };

/** @param wanted BCP 47; only its language is looked at */
export function isInLanguage(answer: string, wanted: string): Finding {
  const primary = wanted.trim().toLowerCase().split(/[-_]/, 1)[0] ?? '';
  const language = others[primary] ?? primary;
  const candidates = languageCandidates(answer);
  const [certain, ...more] = candidates;
  if (certain === undefined || !known.has(language)) return undecided('language-unclear', candidates.join(', '));
  if (certain === language && more.length === 0) return passed(certain);
  if (!candidates.includes(language)) return failed('other-language', candidates.join(', '));
  // "北京" is Chinese for everybody who did not ask for Japanese.
  return certain === 'zh' && language === 'zh' ? passed(certain) : undecided('language-unclear', candidates.join(', '));
}
