/** What can be said of a build without opening it. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAst } from 'vite';
import { testBuild } from '../fixtures/static-server';
import { expect, test } from './test';

const scripts = readdirSync(testBuild, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.js'));

/** Whether a module waits before it has run to its end. */
function waitsAtItsTop(node: unknown): boolean {
  if (Array.isArray(node)) return node.some(waitsAtItsTop);
  if (typeof node !== 'object' || node === null) return false;
  const { type } = node as { readonly type?: string };
  if (type !== undefined && /Function|PropertyDefinition/.test(type)) return false;
  return type === 'AwaitExpression' || Object.values(node).some(waitsAtItsTop);
}

test('the scripts are those for production, without what Svelte checks and explains in development', () => {
  const isForDevelopment = (path: string): boolean =>
    readFileSync(join(testBuild, path), 'utf8').includes('Svelte error');
  expect(scripts.filter(isForDevelopment)).toEqual([]);
});

// Of two modules that import one which waits, WebKit runs the second before that has ended.
test('no script waits at its top', () => {
  expect(scripts.length).toBeGreaterThan(50);
  expect(waitsAtItsTop(parseAst('await 1;').body)).toBe(true);
  expect(scripts.filter((path) => waitsAtItsTop(parseAst(readFileSync(join(testBuild, path), 'utf8')).body))).toEqual(
    [],
  );
});
