/**
 * Lets every part of the page that is loaded later come together with the words that it shows: `import(…)` in a build resolves
 * when the module and the table of its words are there (`split-words.ts`).
 *
 * A module could wait for its table by itself, with an `await` at its top. But of two modules that import such a one, WebKit runs
 * the second while the first still waits: its words were missing for as long as the page lived. And a browser keeps the failure of
 * a module, so a table that did not come once never came.
 */
import { resolve } from 'node:path';
import type { Plugin } from 'vite';
import { neededAtStart } from './eager-modules.ts';

const source = resolve('src');

interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
}

interface DynamicImport extends Node {
  readonly type: 'ImportExpression';
  readonly source: Node & { readonly value?: unknown };
}

const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null && 'type' in value;

const isDynamicImport = (node: Node): node is DynamicImport => node.type === 'ImportExpression';

/** All `import(…)` of a parsed module, none of which stands in another. */
const dynamicImports = (node: Node): DynamicImport[] =>
  isDynamicImport(node) ? [node] : Object.values(node).flat().filter(isNode).flatMap(dynamicImports);

/** Comes after Svelte's plugin and reads what that wrote: JavaScript. */
export function wordsWithParts(): Plugin {
  let eager: ReadonlySet<string> = new Set();
  return {
    name: 'sotto:words-with-parts',
    apply: 'build',
    buildStart() {
      eager = neededAtStart();
    },
    async transform(code, id) {
      if (!id.startsWith(source) || !code.includes('import(')) return null;
      let written = '';
      let end = 0;
      for (const part of dynamicImports(this.parse(code))) {
        const { value } = part.source;
        const module = typeof value === 'string' ? await this.resolve(value, id) : null;
        if (!module?.id.startsWith(source) || eager.has(module.id)) continue;
        written += `${code.slice(end, part.start)}withWords(${code.slice(part.start, part.end)})`;
        end = part.end;
      }
      if (end === 0) return null;
      return {
        code: `import { withWords } from '/src/text/word-tables.ts';${written}${code.slice(end)}`,
        map: null,
      };
    },
  };
}
