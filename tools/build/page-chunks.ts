/**
 * Into which files the page's code is cut. Left to itself, the bundler makes one for each set of screens that share something: a
 * screen that was opened directly waited for twenty-five files, in rounds of six, and each was named in the first file.
 */
import { relative, resolve } from 'node:path';
import { eagerModules } from './eager-modules.ts';

/** What is loaded without being asked for, right after the first screen. */
export const afterStart = [
  'src/app/background.svelte.ts',
  'src/app/load-notices.ts',
  'src/app/make-starter.ts',
  'src/models/StarterOffer.svelte',
  'src/lock/lock.svelte.ts',
  'src/chat/dictation/DictateButton.svelte',
];

/** The files of `src` that these lead to, themselves included. */
export const eagerFrom = (entries: readonly string[]): ReadonlySet<string> =>
  new Set(entries.flatMap((entry) => [...eagerModules(resolve(entry))]));

const source = resolve('src');
const soon = eagerFrom(afterStart.filter((entry) => !entry.startsWith('src/lock/')));

const fileOf = (id: string): string => id.replace(/^\0[\w-]+:/, '').replace(/\.words$|\?.*$/g, '');
const isOurs = (id: string): boolean => fileOf(id).startsWith(source);

/** @param files below `src`, without their ending */
const among = (files: readonly string[]) => {
  const paths = new Set(
    files.flatMap((file) => ['.ts', '.svelte', '.svelte.ts'].map((ending) => resolve('src', file + ending))),
  );
  return (id: string): boolean => paths.has(fileOf(id));
};

/** Larger than all else that is shared, and not wanted by most: the catalog, what draws Markdown or charts, and dictation. */
const apart = (id: string): boolean =>
  /^(?:models\/(?:catalog|speech)\/|chat\/(?:markdown|dictation)\/|ui\/living-plot)/.test(relative(source, fileOf(id)));
const ofBenchmark = (id: string): boolean =>
  /^(?:benchmark|shared\/domain\/benchmark)\//.test(relative(source, fileOf(id)));

/** What nearly every later part needs, with the icons and the copies of `split-svelte.ts`: little, and never more than is wanted. */
const isBasic = among([
  'shared/platform/request-log',
  'shared/protocol/self-test',
  'ui/CopyButton',
  'ui/focus-keeper',
  'ui/save-file',
  'ui/WipeQuestion',
]);

const isDictateButton = among(['chat/dictation/DictateButton']);

/** Loaded one by one in the code, and always together: what the first question needs, a screen with its sections. */
const together = {
  markdown: among(['chat/markdown/MarkdownText']),
  chat: among([
    'chat/turns/MessageList',
    'chat/write-answer',
    'chat/question',
    'chat/context/too-long',
    'chat/composer/AddMenu',
  ]),
  dictation: among(['app/make-dictation', 'chat/dictation/DictationPanel', 'chat/dictation/recorder']),
  lab: among(['lab/LabScreen', 'app/make-lab']),
  catalog: among(['models/catalog/catalog-data', 'models/catalog/recommend']),
  settings: among([
    'settings/SettingsScreen',
    'chat/settings/AnswerDefaultsSection',
    'library/ChatFiles',
    'lock/LockSection',
  ]),
};

/** For `output.codeSplitting`. A group takes with it what it needs, unless a group above has that. */
export const pageChunks = {
  groups: [
    // One file for what every first visit needs: gzip begins anew in each.
    { name: 'first', tags: ['$initial' as const] },
    { name: 'basics', test: (id: string) => /\/@lucide\/svelte\/|\/svelte\/.*\?late$/.test(id) || isBasic(id) },
    { name: 'soon', test: (id: string) => soon.has(fileOf(id)) && (!apart(id) || isDictateButton(id)) },
    // Each with what it has of bits-ui; a menu needs most of what a dialog does.
    { name: 'dialog', test: /\/src\/ui\/Dialog\.svelte/ },
    { name: 'menu', test: /\/src\/ui\/MenuPanel\.svelte/ },
    { name: 'measures', test: (id: string) => ofBenchmark(id), minShareCount: 2 },
    { name: 'shared', test: (id: string) => isOurs(id) && !apart(id), minShareCount: 2 },
    ...Object.entries(together).map(([name, test]) => ({ name, test })),
  ],
};
