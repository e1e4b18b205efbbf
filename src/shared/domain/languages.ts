/**
 * The languages of the interface, each called by its own name, so that it is found by those who read no other. The first is the one
 * in which every text exists: what another lacks is shown in it. Whoever prefers a variant (zh-TW) gets the one that is here.
 */
export const languages = [
  { tag: 'en', name: 'English', betweenSentences: ' ' },
  { tag: 'zh-CN', name: '简体中文', betweenSentences: '' },
] as const;

export type LanguageTag = (typeof languages)[number]['tag'];

export const languageTags = languages.map(({ tag }) => tag);

/** A text in the data of the app, such as what a model is good for. */
export type Words = Readonly<Record<'en', string> & Partial<Record<LanguageTag, string>>>;

export const inLanguage = (words: Words, tag: LanguageTag): string => words[tag] ?? words.en;
