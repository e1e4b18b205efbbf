/**
 * Splits the words of the interface in a build: only those of one language are loaded, and of them first only those that the
 * first screen needs.
 *
 * In development and in tests every message is a function that knows all languages (paraglide). Here each becomes a function
 * that looks up a number in a table of its language: `first` for the modules that the page needs at once, `rest` for all that
 * is loaded later. A module of the second kind asks for its table when it arrives, and whoever loads it (`src/ui/load-part.ts`)
 * waits for both, so no component ever lacks its words.
 */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Plugin } from 'vite';
import { eagerModules, messagesIn } from './eager-modules.ts';
import { tableEntry, type SourceMessage } from './table-entry.ts';

const locales = ['en', 'zh-CN'] as const;
const parts = ['first', 'rest'] as const;
type Part = (typeof parts)[number];

const atStart = [
  'src/main.ts',
  'src/app/background.svelte.ts',
  'src/app/load-notices.ts',
  'src/app/make-starter.ts',
  'src/models/StarterOffer.svelte',
  'src/lock/lock.svelte.ts',
];

const virtual = '\0words:';
const source = resolve('src');

function messagesOf(locale: string): Readonly<Record<string, SourceMessage>> {
  const messages = JSON.parse(readFileSync(`src/text/messages/${locale}.json`, 'utf8')) as Record<
    string,
    SourceMessage
  >;
  delete messages['$schema'];
  return messages;
}

const table = (locale: string, keys: readonly string[]): string => {
  const messages = messagesOf(locale);
  return `export default ${JSON.stringify(keys.map((key) => tableEntry(messages[key] ?? '')))};`;
};

/** A function for each message, so that those that nobody calls are left out. A key may be a word that JavaScript keeps to itself. */
const functions = (part: Part, keys: readonly string[]): string =>
  keys
    .map((key, index) => `const _${key} = (inputs) => say('${part}', ${index}, inputs); export { _${key} as ${key} };`)
    .join('\n');

const loaders = `{${locales
  .map(
    (locale) => `'${locale}': {${parts.map((part) => `${part}: () => import('${virtual}${part}:${locale}')`).join()}}`,
  )
  .join()}}`;

export function splitWords(): Plugin {
  let eager: ReadonlySet<string> = new Set();
  let keys: Record<Part, readonly string[]> = { first: [], rest: [] };
  return {
    name: 'sotto:split-words',
    apply: 'build',
    enforce: 'pre',
    buildStart() {
      // What is loaded right after the first paint must not bring all other words with it.
      eager = new Set(atStart.flatMap((entry) => [...eagerModules(resolve(entry))]));
      const used = new Set([...eager].flatMap((file) => messagesIn(readFileSync(file, 'utf8'))));
      const all = Object.keys(messagesOf('en'));
      keys = { first: all.filter((key) => used.has(key)), rest: all.filter((key) => !used.has(key)) };
    },
    resolveId(id, importer) {
      if (id.startsWith(virtual)) return id;
      if (!id.endsWith('/paraglide/messages.js') || !importer?.startsWith(source)) return null;
      return `${virtual}${eager.has(importer.replace(/\?.*$/, '')) ? 'first' : 'rest'}`;
    },
    load(id) {
      if (id.endsWith('/src/text/word-tables.ts'))
        return `import { WordTables } from './split-word-tables.ts';
                export const { load: loadWords, ready: wordsReady, wantRest, say } = new WordTables(${loaders});`;
      if (!id.startsWith(virtual)) return null;
      const [part = '', locale] = id.slice(virtual.length).split(':') as [Part | `${Part}-keys`, string?];
      if (locale !== undefined) return table(locale, keys[part as Part]);
      if (part === 'first' || part === 'rest') return `export * as m from '${virtual}${part}-keys';`;
      if (part === 'first-keys')
        return `import { say } from '/src/text/word-tables.ts';\n${functions('first', keys.first)}`;
      return `import { say, wantRest } from '/src/text/word-tables.ts';
        export * from '${virtual}first-keys';
        wantRest();
        ${functions('rest', keys.rest)}`;
    },
  };
}
