/**
 * Keeps what only later parts need of Svelte out of the first file. A bundler cuts between modules, never within one: whatever any
 * component uses of a module that the first screen uses, too, would come with the first screen, such as attributes from an object,
 * or bindings of radio buttons and selects.
 *
 * Components that come later get their own copy of the modules that mix both. The copies keep nothing that the originals must
 * know: what Svelte remembers of an element stands on the element, and only one component writes its attributes.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative, resolve } from 'node:path';
import type { Plugin } from 'vite';
import { eagerFrom } from './page-chunks.ts';

const runtime = 'svelte/internal/client';
const lateRuntime = '\0late-svelte';
const lateCopy = '?late';

/** Below `svelte/src/internal/client`: of these, the first screen uses a part, or nothing. */
const copied = [
  'dom/elements/attributes.js',
  'dom/elements/bindings/input.js',
  'dom/elements/bindings/select.js',
  'dom/blocks/svelte-head.js',
  'reactivity/props.js',
];

/** The names of what a module exports where it declares it. */
const exportsOf = (source: string): readonly string[] =>
  [...source.matchAll(/^export (?:function|const) (\w+)/gm)].map(([, name = '']) => name);

export function splitSvelte(): Plugin {
  const folder = join(dirname(createRequire(import.meta.url).resolve('svelte/package.json')), 'src/internal/client');
  let first: ReadonlySet<string> = new Set();
  const isLate = (importer: string): boolean => {
    const file = importer.replace(/\?.*$/, '');
    // Icons are for all: the same one may be part of the first screen and of another.
    return file.endsWith('.svelte') || file.endsWith('.svelte.ts') || file.endsWith('.svelte.js')
      ? !first.has(file) && !file.includes('/@lucide/')
      : false;
  };
  return {
    name: 'sotto:split-svelte',
    apply: 'build',
    enforce: 'pre',
    buildStart() {
      first = eagerFrom([resolve('src/main.ts')]);
    },
    resolveId(id, importer) {
      if (importer === undefined) return null;
      if (id.endsWith(lateCopy)) return { id, moduleSideEffects: false };
      if (id === runtime && isLate(importer)) return { id: lateRuntime, moduleSideEffects: false };
      if (!importer.endsWith(lateCopy) || !id.startsWith('.')) return null;
      // A copy uses the other copies, not their originals.
      const file = join(dirname(importer), id);
      return copied.includes(relative(folder, file)) ? { id: file + lateCopy, moduleSideEffects: false } : null;
    },
    load(id) {
      if (id !== lateRuntime) return null;
      const copies = copied.map((path) => {
        const file = join(folder, path);
        const names = exportsOf(readFileSync(file, 'utf8'));
        if (names.length === 0) throw new Error(`${file} exports nothing that can be split`);
        return `export { ${names.join(', ')} } from '${file}${lateCopy}';`;
      });
      return [`export * from '${runtime}';`, ...copies].join('\n');
    },
  };
}
