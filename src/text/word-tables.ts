/** Loading the words of a language. Here they all come with the code; a build replaces this file (`tools/build/split-words.ts`). */

/** Resolves when the words of a language can be shown: `first` those of the first screen, `rest` all others. */
export const loadWords = (_locale: string, _part: 'first' | 'rest'): Promise<void> => Promise.resolve();

/** Resolves when all code that has been loaded has its words. */
export const wordsReady = (): Promise<void> => Promise.resolve();
