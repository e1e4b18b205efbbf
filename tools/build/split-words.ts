/**
 * Splits the words of the interface in a build: only those of one language are loaded, and of them first only those that the
 * first screen needs.
 *
 * In development and in tests every message is a function that knows all languages (paraglide). Here each becomes a function
 * that looks up a number in a table of its language: `first` for the modules that the page needs at once, `soon` for what it
 * loads of itself right after, `rest` for all else. A module of the later kinds asks for its table when it arrives, and whoever
 * loads it (`src/ui/load-part.ts`) waits for both, so no component ever lacks its words.
 *
 * Paraglide's own runtime, which could also find the language in cookies and addresses, is left out: the page tells it.
 */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Plugin } from 'vite';
import { languageTags } from '../../src/shared/domain/languages.ts';
import { eagerModules, messagesIn } from './eager-modules.ts';
import { tableEntry, type SourceMessage } from './table-entry.ts';

const parts = ['first', 'soon', 'rest'] as const;
type Part = (typeof parts)[number];

/** What is loaded without being asked for. It must not bring all other words with it, nor wait in the table of the first screen. */
const afterStart = [
  'src/app/background.svelte.ts',
  'src/app/load-notices.ts',
  'src/app/make-starter.ts',
  'src/models/StarterOffer.svelte',
  'src/lock/lock.svelte.ts',
];

const virtual = '\0words:';
const runtime = '\0words-runtime';
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
  const messages = { ...messagesOf('en'), ...messagesOf(locale) };
  return `export default ${JSON.stringify(keys.map((key) => tableEntry(messages[key] ?? '')))};`;
};

/** What of paraglide's runtime the app uses. */
const smallRuntime = `let locale = () => 'en';
  export const getLocale = () => locale();
  export const overwriteGetLocale = (tell) => { locale = tell; };`;

/** A function for each message, so that those that nobody calls are left out. A key may be a word that JavaScript keeps to itself. */
const functions = (part: Part, keys: readonly string[]): string =>
  keys
    .map((key, index) => `const _${key} = (inputs) => say('${part}', ${index}, inputs); export { _${key} as ${key} };`)
    .join('\n');

const eagerFrom = (entries: readonly string[]): ReadonlySet<string> =>
  new Set(entries.flatMap((entry) => [...eagerModules(resolve(entry))]));

const messagesOfModules = (modules: ReadonlySet<string>): ReadonlySet<string> =>
  new Set([...modules].flatMap((file) => messagesIn(readFileSync(file, 'utf8'))));

const loaders = `{${languageTags
  .map(
    (locale) => `'${locale}': {${parts.map((part) => `${part}: () => import('${virtual}${part}:${locale}')`).join()}}`,
  )
  .join()}}`;

export function splitWords(): Plugin {
  let modules: Record<'first' | 'soon', ReadonlySet<string>> = { first: new Set(), soon: new Set() };
  let keys: Record<Part, readonly string[]> = { first: [], soon: [], rest: [] };
  const partOf = (module: string): Part =>
    modules.first.has(module) ? 'first' : modules.soon.has(module) ? 'soon' : 'rest';
  return {
    name: 'sotto:split-words',
    apply: 'build',
    enforce: 'pre',
    buildStart() {
      modules = { first: eagerFrom(['src/main.ts']), soon: eagerFrom(afterStart) };
      const first = messagesOfModules(modules.first);
      const soon = messagesOfModules(modules.soon);
      const all = Object.keys(messagesOf('en'));
      keys = {
        first: all.filter((key) => first.has(key)),
        soon: all.filter((key) => soon.has(key) && !first.has(key)),
        rest: all.filter((key) => !first.has(key) && !soon.has(key)),
      };
    },
    resolveId(id, importer) {
      if (id.startsWith(virtual)) return id;
      if (id.endsWith('/paraglide/runtime.js') && importer?.startsWith(source)) return runtime;
      if (!id.endsWith('/paraglide/messages.js') || !importer?.startsWith(source)) return null;
      return virtual + partOf(importer.replace(/\?.*$/, ''));
    },
    load(id) {
      if (id.endsWith('/src/text/word-tables.ts'))
        return `import { WordTables } from './split-word-tables.ts';
                export const wordParts = ${JSON.stringify(parts)};
                export const { load: loadWords, ready: wordsReady, want, say } = new WordTables(${loaders});`;
      if (id === runtime) return smallRuntime;
      if (!id.startsWith(virtual)) return null;
      const [part = '', locale] = id.slice(virtual.length).split(':') as [Part | `${Part}-keys`, string?];
      if (locale !== undefined) return table(locale, keys[part as Part]);
      if (part in keys) return `export * as m from '${virtual}${part}-keys';`;
      if (part === 'first-keys')
        return `import { say } from '/src/text/word-tables.ts';\n${functions('first', keys.first)}`;
      const [own, before] = part === 'soon-keys' ? (['soon', 'first'] as const) : (['rest', 'soon'] as const);
      return `import { say, want } from '/src/text/word-tables.ts';
        export * from '${virtual}${before}-keys';
        want('${own}');
        ${functions(own, keys[own])}`;
    },
  };
}
