/**
 * Splits the words of the interface in a build: only those of one language are loaded, and of them first only those that the
 * first screen needs.
 *
 * In development and in tests every message is a function that knows all languages (paraglide). Here each becomes a function
 * that looks up a number in a table of its language: `first` for the modules that the page needs at once, `soon` for what it
 * loads of itself right after, `rest` for all else. A module with words of the later kinds asks for their table when it arrives,
 * and whoever loads it (`src/ui/load-part.ts`) waits for both, so no component ever lacks its words. Each module gets functions for
 * its own messages only: shared by all, they were a file of 1,300 functions that every screen had to wait for.
 *
 * Paraglide's own runtime, which could also find the language in cookies and addresses, is left out: the page tells it.
 */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Plugin } from 'vite';
import { languageTags } from '../../src/shared/domain/languages.ts';
import { messagesIn } from './eager-modules.ts';
import { afterStart, eagerFrom } from './page-chunks.ts';
import { tableEntry, type SourceMessage } from './table-entry.ts';

const parts = ['first', 'soon', 'rest'] as const;
type Part = (typeof parts)[number];

/** A table of words: its part and its language follow. */
const virtual = '\0words:';
/** What a module gets in place of all messages: its file follows, and an ending that no other plugin knows. */
const virtualMessages = '\0words-of:';
const virtualKeys = '\0words-keys-of:';
const ending = '.words';
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

/** Where the words of a message stand. */
interface Place {
  readonly part: Part;
  readonly index: number;
}

/** The messages of a source file as functions, and the request for their tables. A key may be a word that JavaScript keeps to itself. */
function functionsOf(text: string, id: string, places: ReadonlyMap<string, Place>): string {
  const found = [...new Set(messagesIn(text))].map((key) => {
    const place = places.get(key);
    if (!place) throw new Error(`${id} shows "${key}", which is no message`);
    return { key, ...place };
  });
  const wanted = parts.filter((part) => part !== 'first' && found.some((message) => message.part === part));
  return [
    `import { say, want } from '/src/text/word-tables.ts';`,
    ...wanted.map((part) => `want('${part}');`),
    ...found.map(
      ({ key, part, index }) =>
        `const _${key} = (inputs) => say('${part}', ${index}, inputs); export { _${key} as ${key} };`,
    ),
  ].join('\n');
}

const messagesOfModules = (modules: ReadonlySet<string>): ReadonlySet<string> =>
  new Set([...modules].flatMap((file) => messagesIn(readFileSync(file, 'utf8'))));

const loaders = `{${languageTags
  .map(
    (locale) => `'${locale}': {${parts.map((part) => `${part}: () => import('${virtual}${part}:${locale}')`).join()}}`,
  )
  .join()}}`;

export function splitWords(): Plugin {
  let keys: Record<Part, readonly string[]> = { first: [], soon: [], rest: [] };
  let places: ReadonlyMap<string, Place> = new Map();
  return {
    name: 'sotto:split-words',
    apply: 'build',
    enforce: 'pre',
    buildStart() {
      const first = messagesOfModules(eagerFrom(['src/main.ts']));
      const soon = messagesOfModules(eagerFrom(afterStart));
      const all = Object.keys(messagesOf('en'));
      keys = {
        first: all.filter((key) => first.has(key)),
        soon: all.filter((key) => soon.has(key) && !first.has(key)),
        rest: all.filter((key) => !first.has(key) && !soon.has(key)),
      };
      places = new Map(parts.flatMap((part) => keys[part].map((key, index) => [key, { part, index }] as const)));
    },
    resolveId(id, importer) {
      if (id.startsWith(virtual) || id.startsWith(virtualKeys)) return id;
      if (id.endsWith('/paraglide/runtime.js') && importer?.startsWith(source)) return runtime;
      if (!id.endsWith('/paraglide/messages.js') || !importer?.startsWith(source)) return null;
      return virtualMessages + importer.replace(/\?.*$/, '') + ending;
    },
    load(id) {
      if (id.endsWith('/src/text/word-tables.ts'))
        return `import { WordTables } from './split-word-tables.ts';
                export const wordParts = ${JSON.stringify(parts)};
                export const { load: loadWords, ready: wordsReady, want, say } = new WordTables(${loaders});`;
      if (id === runtime) return smallRuntime;
      if (id.startsWith(virtualKeys))
        return functionsOf(readFileSync(id.slice(virtualKeys.length, -ending.length), 'utf8'), id, places);
      if (id.startsWith(virtualMessages))
        return `export * as m from '${virtualKeys}${id.slice(virtualMessages.length)}';`;
      if (!id.startsWith(virtual)) return null;
      const [part, locale = ''] = id.slice(virtual.length).split(':') as [Part, string?];
      return table(locale, keys[part]);
    },
  };
}
