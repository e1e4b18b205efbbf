/** Which languages a script stands for, where words are not needed to tell. */

/** One character of Chinese says as much as most of a word; so does a syllable of Korean. */
export const scripts = {
  han: /\p{Script=Han}/gu,
  kana: /[\p{Script=Hiragana}\p{Script=Katakana}]/gu,
  hangul: /\p{Script=Hangul}/gu,
} as const;

/** Words of each, since letters of different scripts weigh differently. */
export const wordScripts: readonly (readonly [name: string, expression: RegExp])[] = [
  'Latin',
  'Cyrillic',
  'Greek',
  'Arabic',
  'Hebrew',
  'Devanagari',
  'Bengali',
  'Gurmukhi',
  'Gujarati',
  'Tamil',
  'Telugu',
  'Kannada',
  'Malayalam',
  'Sinhala',
  'Thai',
  'Lao',
  'Khmer',
  'Myanmar',
  'Georgian',
  'Armenian',
  'Ethiopic',
].map((name) => [name, new RegExp(String.raw`\p{Script=${name}}[\p{Script=${name}}\p{M}'’]*`, 'gu')]);

/** Those of a script that nobody tells apart here: the answer may be in any of them. */
export const languagesOfScript: Readonly<Record<string, readonly string[]>> = {
  Greek: ['el'],
  Hebrew: ['he', 'yi'],
  Devanagari: ['hi', 'mr', 'ne'],
  Bengali: ['bn', 'as'],
  Gurmukhi: ['pa'],
  Gujarati: ['gu'],
  Tamil: ['ta'],
  Telugu: ['te'],
  Kannada: ['kn'],
  Malayalam: ['ml'],
  Sinhala: ['si'],
  Thai: ['th'],
  Lao: ['lo'],
  Khmer: ['km'],
  Myanmar: ['my'],
  Georgian: ['ka'],
  Armenian: ['hy'],
  Ethiopic: ['am', 'ti'],
};

interface LetterSigns {
  /** Letters of one language and none after it in the list. */
  readonly telling: readonly (readonly [letters: RegExp, language: string])[];
  /** The language with none of them. */
  readonly without: string;
}

/** Scripts whose languages are told by letters that only they have. */
export const letterSigns: Readonly<Record<string, LetterSigns>> = {
  Cyrillic: {
    telling: [
      [/[әғқңұһ]/gi, 'kk'],
      [/ў/gi, 'be'],
      [/[ѓќѕ]/gi, 'mk'],
      [/[ђћљњџј]/gi, 'sr'],
      [/[іїєґ]/gi, 'uk'],
      [/[ыэё]/gi, 'ru'],
    ],
    without: 'bg',
  },
  Arabic: {
    telling: [
      [/[ٹڈڑںےہ]/g, 'ur'],
      [/[پچژگکی]/g, 'fa'],
    ],
    without: 'ar',
  },
};
