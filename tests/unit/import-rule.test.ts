/** The layers of the design, read from the import lines: whatever is not allowed there fails here. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = resolve(__dirname, '../..');
const features = [
  'chat',
  'library',
  'lock',
  'models',
  'documents',
  'servers',
  'benchmark',
  'lab',
  'privacy',
  'settings',
];
const services = ['engine', 'storage', 'device'];
const ground = ['shared', 'ui', 'text'];

interface Import {
  readonly from: string;
  readonly target: string;
  readonly typesOnly: boolean;
  readonly workerUrl: boolean;
}

/** Import and export-from statements, static and dynamic. `import type` and a list of nothing but `type x` are types only. */
function importsOf(file: string, source: string): Import[] {
  const statements = source.matchAll(
    /(?:import|export)\s+(type\s+)?((?:[\w*{][^'";]*?)\s+from\s+)?['"](\.[^'"]+)['"]|import\(\s*['"](\.[^'"]+)['"]\s*\)/g,
  );
  return [...statements].map(([, type, clause, path, dynamicPath]) => {
    const specifier = path ?? dynamicPath ?? '';
    const names = /^\{([^}]*)\}/.exec(clause?.trim() ?? '')?.[1]?.split(',') ?? [];
    const inlineTypes = names.length > 0 && names.every((name) => /^\s*(type\s|$)/.test(name));
    return {
      from: relative(root, file),
      target: relative(root, resolve(dirname(file), specifier.replace(/\?.*$/, ''))),
      typesOnly: type !== undefined || inlineTypes,
      workerUrl: specifier.endsWith('?worker&url'),
    };
  });
}

const layerOf = (path: string): string => {
  const [top, second = ''] = path.split('/');
  if (top !== 'src') return top ?? '';
  return second.includes('.') ? 'main' : second;
};

/** Why an import breaks the rule, or null. */
function offence({ from, target, typesOnly, workerUrl }: Import): string | null {
  const source = layerOf(from);
  const goal = layerOf(target);
  if (source === goal) return null;
  if (source === 'workers') {
    // The kernels are one engine's arithmetic: nobody else may reach them.
    if (goal === 'kernels') return from.startsWith('workers/engine/cpu/') ? null : 'kernels belong to the CPU engine';
    return goal === 'shared' ? null : 'workers import only what is shared';
  }
  if (goal === 'workers') return typesOnly || workerUrl ? null : 'src reaches workers by URL only';
  if (source === 'main') return null;
  if (source === 'app') return goal === 'main' ? 'nothing imports the entry' : null;
  if (goal === 'app' || goal === 'main') return 'nothing imports the app';
  if (features.includes(source)) {
    if (!features.includes(goal)) return null;
    return typesOnly ? null : 'a feature imports another feature only as types';
  }
  if (services.includes(source)) return ground.includes(goal) ? null : 'services import only shared, ui and text';
  if (source === 'shared') return 'shared imports only shared';
  return ground.includes(goal) ? null : 'ui and text import only each other and shared';
}

const sources = ['src', 'workers', 'kernels']
  .flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name)),
  )
  .filter((path) => /\.(ts|svelte)$/.test(path) && !path.includes('paraglide') && !path.startsWith('kernels/build/'));

const imports = sources.flatMap((path) => importsOf(join(root, path), readFileSync(join(root, path), 'utf8')));

/** The file that an import means; null for what is no module of ours, such as JSON. */
function fileOf(target: string): string | null {
  const names = ['', '.ts', '.svelte.ts'].map((ending) => target + ending);
  return names.find((name) => /\.(ts|svelte)$/.test(name) && existsSync(join(root, name))) ?? null;
}

/**
 * Groups of files that reach each other, by Tarjan's algorithm: strongly connected components of more than one file.
 * @param edges from each file to those that it imports
 */
function circles(edges: ReadonlyMap<string, readonly string[]>): string[][] {
  const order = new Map<string, number>();
  const lowest = new Map<string, number>();
  const open: string[] = [];
  const found: string[][] = [];
  const visit = (file: string): void => {
    const own = order.size;
    order.set(file, own);
    lowest.set(file, own);
    open.push(file);
    for (const next of edges.get(file) ?? []) {
      if (!order.has(next)) visit(next);
      if (open.includes(next)) lowest.set(file, Math.min(lowest.get(file) ?? own, lowest.get(next) ?? own));
    }
    if (lowest.get(file) !== own) return;
    const group = open.splice(open.indexOf(file));
    if (group.length > 1) found.push(group.sort());
  };
  for (const file of edges.keys()) if (!order.has(file)) visit(file);
  return found;
}

describe('who may import whom', () => {
  it('holds in every file', () => {
    expect(imports.length).toBeGreaterThan(2000);
    const offences = imports.flatMap((entry) => {
      const reason = offence(entry);
      return reason === null ? [] : [`${entry.from} → ${entry.target}: ${reason}`];
    });
    expect(offences).toEqual([]);
  });

  it('goes in one direction: no files import each other in a circle, not even types', () => {
    const edges = new Map<string, string[]>();
    for (const { from, target, workerUrl } of imports) {
      const file = workerUrl ? null : fileOf(target);
      if (file !== null) edges.set(from, [...(edges.get(from) ?? []), file]);
    }
    expect(edges.size).toBeGreaterThan(500);
    expect(circles(edges)).toEqual([]);
  });

  it('would be noticed when broken', () => {
    const parse = (from: string, line: string): string | null => {
      const [entry] = importsOf(join(root, from), line);
      if (!entry) throw new Error(`not seen as an import: ${line}`);
      return offence(entry);
    };
    expect(parse('src/chat/a.ts', `import { b } from '../models/b';`)).not.toBeNull();
    expect(parse('src/chat/a.ts', `import { type B, b } from '../models/b';`)).not.toBeNull();
    expect(parse('src/chat/a.ts', `import type { B } from '../models/b';`)).toBeNull();
    expect(parse('src/chat/a.ts', `import { type B } from '../models/b';`)).toBeNull();
    expect(parse('src/chat/a.ts', `const b = await import('../models/b');`)).not.toBeNull();
    expect(parse('src/chat/a.ts', `import type { App } from '../app/app';`)).not.toBeNull();
    expect(parse('src/engine/a.ts', `import { b } from '../chat/b';`)).not.toBeNull();
    expect(parse('src/text/a.ts', `import { b } from '../engine/b';`)).not.toBeNull();
    expect(parse('src/shared/domain/a.ts', `import { b } from '../../text/b';`)).not.toBeNull();
    expect(parse('src/shared/domain/a.ts', `import { b } from '../platform/b';`)).toBeNull();
    expect(parse('workers/engine/a.ts', `import { b } from '../../src/text/b';`)).not.toBeNull();
    expect(parse('workers/engine/a.ts', `import { b } from '../../kernels/b';`)).not.toBeNull();
    expect(parse('workers/engine/a.ts', `import { b } from '../../src/shared/domain/b';`)).toBeNull();
    expect(parse('src/engine/a.ts', `import { b } from '../../workers/engine/b';`)).not.toBeNull();
    expect(parse('src/engine/a.ts', `import url from '../../workers/engine.worker.ts?worker&url';`)).toBeNull();
    const circle = new Map([
      ['a', ['b']],
      ['b', ['c']],
      ['c', ['b', 'd']],
      ['d', []],
    ]);
    expect(circles(circle)).toEqual([['b', 'c']]);
  });
});
