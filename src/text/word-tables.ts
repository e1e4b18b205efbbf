/** Loading the words of a language. Here they all come with the code; a build replaces this file (`tools/build/split-words.ts`). */

/** `first` are those of the first screen, `soon` those of what follows it without being asked for, `rest` all others. */
export const wordParts = ['first', 'soon', 'rest'] as const;
export type WordPart = (typeof wordParts)[number];

/** Resolves when the words of a language can be shown. */
export const loadWords = (_locale: string, _part: WordPart): Promise<void> => Promise.resolve();

/** Resolves when all code that has been loaded has its words. */
export const wordsReady = (): Promise<void> => Promise.resolve();
